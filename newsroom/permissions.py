"""Who may do what (docs/security.md, roles). The blog always comes from the URL or the object, never from what was sent.

Deny by default: a verb that is not listed is refused to everyone. A stranger to a blog gets `NotFound`, a member without the right
`PermissionRefused`, so that nobody learns what is being prepared.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Q, QuerySet

from newsroom.errors import NotFound, PermissionRefused
from newsroom.models import Entry, LiveBlog, Membership, Role, Status

RANK: Final = {Role.CONTRIBUTOR: 1, Role.EDITOR: 2, Role.CHIEF: 3}

# The least role a verb asks for.
VERBS: Final[dict[str, Role]] = {
    "read_drafts": Role.CONTRIBUTOR,
    "preview": Role.CONTRIBUTOR,
    "draft": Role.CONTRIBUTOR,
    "submit": Role.CONTRIBUTOR,
    "duplicate": Role.CONTRIBUTOR,
    "lock": Role.CONTRIBUTOR,
    "upload_image": Role.CONTRIBUTOR,
    "publish": Role.EDITOR,
    "schedule": Role.EDITOR,
    "embargo": Role.EDITOR,
    "approve": Role.EDITOR,
    "send_back": Role.EDITOR,
    "edit": Role.EDITOR,
    "correct": Role.EDITOR,
    "withdraw": Role.EDITOR,
    "undo": Role.EDITOR,
    "restore": Role.EDITOR,
    "move": Role.EDITOR,
    "pin": Role.EDITOR,
    "key_event": Role.EDITOR,
    "edit_blog": Role.CHIEF,
    "set_state": Role.CHIEF,
    "wrap_up": Role.CHIEF,
    "members": Role.CHIEF,
    "read_audit": Role.CHIEF,
    "purge": Role.CHIEF,
}

# What an instance admin may do on a blog without being on its team.
INSTANCE_ADMIN: Final = frozenset({"read_drafts", "edit_blog", "set_state", "members", "open_blog", "read_audit", "purge"})

# What everybody on a team may see of an entry, whoever wrote it.
PUBLIC_ONCE: Final = frozenset({Status.PUBLISHED, Status.WITHDRAWN})

# A contributor has these for their own entries only.
OWN: Final = frozenset({"read_drafts", "preview", "draft", "submit", "duplicate", "lock"})


class _Operator:
    """The actor of what is done by a command on the server: whoever may run one may do anything."""

    is_authenticated = True
    pk = None

    def __str__(self) -> str:
        return "operator"


class _ReleaseWorker:
    """The actor of a release: it may make public what an editor has scheduled and is due, and nothing else."""

    is_authenticated = True
    pk = None

    def __str__(self) -> str:
        return "release worker"


RELEASE_WORKER: Final = _ReleaseWorker()
OPERATOR: Final = _Operator()


def role_of(user: Any, blog: LiveBlog) -> Role | None:
    """The user's role on the blog, read from the database at each call: a removed member is out at once."""
    if not getattr(user, "is_authenticated", False) or not getattr(user, "is_active", False):
        return None
    role = Membership.objects.filter(blog=blog, user_id=user.pk).values_list("role", flat=True).first()
    return Role(role) if role else None


def can(user: Any, verb: str, blog: LiveBlog | None, entry: Entry | None = None) -> bool:
    """Whether `require` would let the user through."""
    try:
        require(user, verb, blog, entry)
    except (NotFound, PermissionRefused):
        return False
    return True


def require(user: Any, verb: str, blog: LiveBlog | None, entry: Entry | None = None) -> None:
    """Lets the user through or raises `NotFound` or `PermissionRefused`."""
    if user is RELEASE_WORKER:
        if verb == "release":
            return
        raise PermissionRefused
    if not getattr(user, "is_authenticated", False) or not getattr(user, "is_active", False):
        raise NotFound
    if verb == "open_blog":
        if user.is_superuser or user.has_perm("newsroom.add_liveblog"):
            return
        raise PermissionRefused("Only an administrator opens a blog. Ask one, or ask to be given that right.")
    if verb == "read_whole_audit":
        if user.is_superuser:
            return
        raise NotFound
    if blog is None:
        raise NotFound
    _judge(user, role_of(user, blog), verb, blog, entry)


def allows(user: Any, role: Role | None, verb: str, blog: LiveBlog, entry: Entry | None = None) -> bool:
    """What `can` answers for a role that was read a moment ago: a page that lists entries asks the database once, not once a button.

    It decides what is shown. What is done asks `require`.
    """
    try:
        _judge(user, role, verb, blog, entry)
    except (NotFound, PermissionRefused):
        return False
    return True


def sees(user: Any, role: Role | None, entry: Entry) -> bool:
    """Whether somebody of that role on the entry's blog may know that the entry exists. A row that is not stored yet is theirs."""
    return role != Role.CONTRIBUTOR or entry.status in PUBLIC_ONCE or entry.created_by_id == user.pk


def seen_entries(user: Any) -> QuerySet[Entry]:
    """The entries of all blogs that the user may know of: what `sees` says, as one question to the database."""
    if getattr(user, "is_superuser", False):
        return Entry.objects.all()
    teams = Membership.objects.filter(user_id=user.pk)
    contributing = Q(blog__in=teams.filter(role=Role.CONTRIBUTOR).values("blog_id"))
    own = Q(status__in=PUBLIC_ONCE) | Q(created_by_id=user.pk)
    return Entry.objects.filter(Q(blog__in=teams.exclude(role=Role.CONTRIBUTOR).values("blog_id")) | (contributing & own))


def seen_of_blog(user: Any, role: Role | None, blog: LiveBlog) -> QuerySet[Entry]:
    """The entries of one blog that somebody of that role may know of."""
    rows = Entry.objects.filter(blog=blog)
    return rows.filter(Q(status__in=PUBLIC_ONCE) | Q(created_by_id=user.pk)) if role == Role.CONTRIBUTOR else rows


def roles_with(verb: str) -> list[Role]:
    """The roles that have a verb: for what a page offers before it knows of which blog."""
    return [role for role in RANK if RANK[role] >= RANK[VERBS[verb]]]


def _judge(user: Any, role: Role | None, verb: str, blog: LiveBlog, entry: Entry | None) -> None:
    if entry is not None and entry.blog_id != blog.pk:
        raise NotFound
    if role is None:
        if user.is_superuser and verb in INSTANCE_ADMIN:
            return
        if user.is_superuser and verb in VERBS:
            raise PermissionRefused("You administer this site but are not on this blog's team. Join it as a member to write here.")
        raise NotFound
    kept = entry if entry is not None and entry.pk is not None else None
    foreign = role == Role.CONTRIBUTOR and kept is not None and kept.created_by_id != user.pk
    if kept is not None and not sees(user, role, kept):
        raise NotFound
    least = VERBS.get(verb)
    if least is None or RANK[role] < RANK[least]:
        whom = "a chief" if least == Role.CHIEF else "an editor"
        raise PermissionRefused(f"As {role.label.lower()} of this blog you cannot do this. Ask {whom}.")
    handed_in = kept is not None and kept.status not in {Status.DRAFT, Status.SUBMITTED}
    if (foreign and verb in OWN) or (role == Role.CONTRIBUTOR and verb in {"draft", "submit", "lock"} and handed_in):
        raise PermissionRefused("This entry is no longer yours to change. Ask an editor.")
