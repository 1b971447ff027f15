/* The publisher: one kept connection that posts an entry and waits for the answer. */
#define _GNU_SOURCE
#include "fanload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_RETRIES 20

bool publishing;
int publish_errors;

static int fd = -1;
static char answer[65536];
static size_t answer_length;
static char *request;
static size_t request_length;
static bool reopen;

static const char *const words[] = {"the",    "minister", "said",   "on",     "Tuesday",  "that",     "parliament", "would",
                                    "vote",   "again",    "after",  "a",      "late",     "change",   "was",        "tabled",
                                    "by",     "members",  "of",     "both",   "houses",   "and",      "a",          "reply",
                                    "from",   "the",      "court",  "is",     "expected", "before",   "midnight",   "police",
                                    "report", "two",      "arrests", "near",  "harbour",  "bridge",   "since",      "noon"};

void publisher_open(void) {
    if (fd >= 0) close(fd);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.publish_port)};
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&where, sizeof where)) die("publisher on port %d: %s", opt.publish_port, strerror(errno));
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = PUBLISHER};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
    reopen = false;
    answer_length = 0;
}

/* Plain words of a fixed pseudo-random order, one paragraph, the marker last. Writes exactly opt.entry_bytes. */
static void write_entry(char *to, uint32_t number) {
    static uint32_t state = 12345;
    size_t end = (size_t)opt.entry_bytes - 9, at = 0;
    while (at < end) {
        state = state * 1103515245u + 12345u;
        const char *word = words[(state >> 16) % (sizeof words / sizeof *words)];
        for (; *word && at < end - 1; word++) to[at++] = *word;
        to[at] = at < end - 1 ? ' ' : '.';
        at++;
    }
    snprintf(to + end, 10, "~%08u", number);
}

static void send_request(void) {
    for (size_t sent = 0; sent < request_length;) {
        ssize_t n = send(fd, request + sent, request_length - sent, MSG_NOSIGNAL);
        if (n > 0) {
            sent += (size_t)n;
        } else if (errno == EAGAIN) {
            struct timespec pause = {0, 100000};
            nanosleep(&pause, NULL);
        } else {
            die("publisher: %s", strerror(errno));
        }
    }
}

void publish_next(const char *path) {
    if (reopen) publisher_open();
    if (!request) request = malloc((size_t)opt.entry_bytes + 1024);
    if ((int)++entries_sent >= max_entries) die("more entries than were planned for");
    int head = snprintf(request, 1000,
                        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n",
                        path, opt.host_header, opt.entry_bytes);
    write_entry(request + head, entries_sent);
    request_length = (size_t)head + (size_t)opt.entry_bytes;
    answer_length = 0;
    publishing = true;
    published_at[entries_sent] = now_ns();
    send_request();
}

/* Whether a whole HTTP answer is in the buffer; takes from it what it says. */
static bool answered(void) {
    char *body = strstr(answer, "\r\n\r\n");
    if (!body) return false;
    int code = 0;
    sscanf(answer, "HTTP/1.%*d %d", &code);
    char *length = strcasestr(answer, "\r\ncontent-length:");
    if (length && length < body) {
        if (answer_length - (size_t)(body + 4 - answer) < strtoul(length + 17, NULL, 10)) return false;
    } else if (code != 204 && !strstr(body, "\r\n0\r\n\r\n")) {
        return false;
    }
    if ((code < 200 || code >= 300) && !publish_errors++) fprintf(stderr, "publishing was answered with: %.300s\n", answer);
    char *committed = strcasestr(answer, "\r\ncommitted-ns:");
    if (committed && committed < body) committed_at[entries_sent] = strtoull(committed + 15, NULL, 10);
    reopen = strcasestr(answer, "\r\nconnection: close") != NULL;
    return true;
}

void publisher_event(void) {
    ssize_t n = recv(fd, answer + answer_length, sizeof answer - 1 - answer_length, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        /* A server may close a kept connection between two requests; then the request is sent once more on a new one. */
        const char *cause = n ? strerror(errno) : "it was closed";
        publisher_open();
        if (publishing) {
            if (!publish_errors++) fprintf(stderr, "the publishing connection: %s\n", cause);
            if (publish_errors > MAX_RETRIES) die("the publishing connection keeps closing");
            send_request();
        }
        return;
    }
    answer_length += (size_t)n;
    answer[answer_length] = 0;
    if (publishing && answered()) publishing = false;
}
