/* The readers: handshake, RFC 6455 frames as they come, and the deliveries in them. */
#define _GNU_SOURCE
#include "fanload.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PER_ADDRESS 20000 /* readers from one loopback address: its ports are finite */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" /* the answer to KEY, from RFC 6455 */
#define MARKER_DIGITS 8
#define MAX_HEAD 4096

enum { CONNECTING, HANDSHAKE, GREETED, OPEN, STALLED, DEAD };

typedef struct {
    int fd;
    uint8_t state;
    uint8_t header[10], header_length, opcode; /* of the frame that is coming in */
    bool in_payload;
    uint64_t payload_left;
    uint8_t control[125], control_length;
    uint8_t marker_length; /* '~' and digits seen so far */
    uint32_t marker, newest;
    char *head; /* the handshake's answer, while it is coming in */
    uint16_t head_length;
} reader;

uint64_t deliveries, duplicates, out_of_order, closes, frames, frame_bytes, pings;
int n_open, n_failed;
sample *samples;
size_t n_samples, max_samples;

static reader *all;
static uint8_t *seen; /* one bit a reader and entry */
static size_t seen_row;
static char buffer[512 * 1024];
static int handshakes_done;

void readers_init(void) {
    all = calloc((size_t)opt.readers, sizeof *all);
    seen_row = (size_t)max_entries / 8 + 1;
    seen = calloc((size_t)opt.readers, seen_row);
    max_samples = (size_t)opt.readers * (size_t)(opt.burst > 1 ? opt.burst : 1);
    samples = calloc(max_samples, sizeof *samples);
    if (!all || !seen || !samples) die("not enough memory for %d readers", opt.readers);
}

static void give_up(reader *r) {
    if (r->state == OPEN) {
        n_open--;
        closes++;
    } else {
        n_failed++;
        handshakes_done++;
    }
    r->state = DEAD;
    close(r->fd);
}

static void open_reader(reader *r) {
    r->state = OPEN;
    n_open++;
    handshakes_done++;
}

static void deliver(reader *r, uint32_t entry, uint64_t at) {
    if (entry == 0 || entry > entries_sent) return;
    uint8_t *byte = &seen[(size_t)(r - all) * seen_row + entry / 8], bit = (uint8_t)(1 << entry % 8);
    if (*byte & bit) {
        duplicates++;
        return;
    }
    *byte |= bit;
    if (entry < r->newest) out_of_order++;
    if (entry > r->newest) r->newest = entry;
    deliveries++;
    if (n_samples < max_samples) samples[n_samples++] = (sample){entry, at};
}

/* Looks for markers in a piece of payload; one may be split over two pieces. */
static void scan(reader *r, const uint8_t *p, size_t n, uint64_t at) {
    for (const uint8_t *end = p + n; p < end;) {
        if (!r->marker_length) {
            p = memchr(p, '~', (size_t)(end - p));
            if (!p) return;
            p++;
            r->marker_length = 1;
            r->marker = 0;
        }
        while (r->marker_length && p < end) {
            if (*p < '0' || *p > '9') {
                r->marker_length = 0;
                break;
            }
            r->marker = r->marker * 10 + (uint32_t)(*p++ - '0');
            if (++r->marker_length == 1 + MARKER_DIGITS) {
                r->marker_length = 0;
                deliver(r, r->marker, at);
            }
        }
    }
}

static void pong(reader *r) {
    uint8_t frame[6 + 125] = {0x8A, (uint8_t)(0x80 | r->control_length)}; /* masked with zeros: the payload as it is */
    memcpy(frame + 6, r->control, r->control_length);
    (void)!send(r->fd, frame, 6u + r->control_length, MSG_NOSIGNAL | MSG_DONTWAIT);
    pings++;
}

static size_t header_size(const reader *r) {
    if (r->header_length < 2) return 2;
    int length = r->header[1] & 127;
    return length == 126 ? 4 : length == 127 ? 10 : 2;
}

static void begin_frame(reader *r) {
    int length = r->header[1] & 127, from = 2, to = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (r->header[1] & 0x80) die("the server masks its frames");
    if (r->header[0] & 0x70) die("the server uses an extension that nobody offered");
    r->payload_left = to == 2 ? (uint64_t)length : 0;
    for (int i = from; i < to; i++) r->payload_left = r->payload_left << 8 | r->header[i];
    r->opcode = r->header[0] & 15;
    r->in_payload = true;
    r->header_length = r->control_length = 0;
    if (r->opcode < 8) {
        frames++;
        frame_bytes += r->payload_left;
    }
}

static void feed(reader *r, const uint8_t *p, size_t n, uint64_t at) {
    while (n) {
        if (!r->in_payload) {
            while (n && r->header_length < header_size(r)) {
                r->header[r->header_length++] = *p++;
                n--;
            }
            if (r->header_length < header_size(r)) return;
            begin_frame(r);
        }
        size_t here = r->payload_left < n ? (size_t)r->payload_left : n;
        if (r->opcode < 8) {
            scan(r, p, here, at);
        } else {
            for (size_t i = 0; i < here && r->control_length < sizeof r->control; i++) r->control[r->control_length++] = p[i];
        }
        p += here;
        n -= here;
        r->payload_left -= here;
        if (r->payload_left) continue;
        r->in_payload = false;
        if (r->opcode == 9) pong(r);
        if (r->opcode == 8) {
            give_up(r);
            return;
        }
        if (r->opcode < 8 && r->state == GREETED) open_reader(r);
    }
}

/* The handshake's answer; what follows it in the same segment is frames already. */
static void shake_hands(reader *r, const uint8_t *p, size_t n, uint64_t at) {
    if (!r->head) r->head = calloc(1, MAX_HEAD);
    size_t had = r->head_length, room = MAX_HEAD - 1 - had, take = n < room ? n : room;
    memcpy(r->head + had, p, take);
    r->head_length = (uint16_t)(had + take);
    r->head[r->head_length] = 0;
    char *end = strstr(r->head, "\r\n\r\n");
    if (!end && room > take) return;
    bool good = end && !strncmp(r->head, "HTTP/1.1 101", 12) && strstr(r->head, ACCEPT);
    if (!good && !n_failed) fprintf(stderr, "a handshake was refused: %.300s\n", r->head);
    size_t used = end ? (size_t)(end + 4 - r->head) - had : 0;
    free(r->head);
    r->head = NULL;
    if (!good) {
        give_up(r);
        return;
    }
    if (opt.hello)
        r->state = GREETED;
    else
        open_reader(r);
    feed(r, p + used, n - used, at);
}

static void ask(reader *r) {
    char text[1500];
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " KEY "\r\n\r\n",
                          opt.socket_path, opt.host_header, opt.host_header);
    if (send(r->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
        give_up(r);
    else
        r->state = HANDSHAKE;
}

static void start(int index) {
    reader *r = &all[index];
    memset(r, 0, sizeof *r);
    r->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (r->fd < 0) die("socket: %s", strerror(errno));
    int on = 1, small = 2304;
    struct linger reset = {1, 0}; /* nothing is left in TIME_WAIT for the next run */
    setsockopt(r->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(r->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (index < opt.stalled) setsockopt(r->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.ports[index % opt.n_ports])};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (index >= PER_ADDRESS) {
        from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)(index / PER_ADDRESS));
        setsockopt(r->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        if (bind(r->fd, (struct sockaddr *)&from, sizeof from)) die("bind: %s", strerror(errno));
    }
    if (connect(r->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
        give_up(r);
        return;
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u32 = (uint32_t)index};
    epoll_ctl(ep, EPOLL_CTL_ADD, r->fd, &event);
}

void reader_event(uint32_t index, uint32_t events) {
    reader *r = &all[index];
    if (r->state == DEAD || r->state == STALLED) return;
    if (r->state == CONNECTING) {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(r->fd, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error) {
            give_up(r);
        } else if (events & EPOLLOUT) {
            struct epoll_event event = {.events = EPOLLIN, .data.u32 = index};
            epoll_ctl(ep, EPOLL_CTL_MOD, r->fd, &event);
            ask(r);
        }
        return;
    }
    ssize_t n = recv(r->fd, buffer, sizeof buffer, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        give_up(r);
    } else if (r->state == HANDSHAKE) {
        shake_hands(r, (uint8_t *)buffer, (size_t)n, now_ns());
    } else {
        feed(r, (uint8_t *)buffer, (size_t)n, now_ns());
    }
}

double readers_connect(void) {
    uint64_t began = now_ns(), limit = began + (uint64_t)((opt.timeout_s + opt.readers / 100.0) * 1e9);
    for (int started = 0; handshakes_done < opt.readers && now_ns() < limit;) {
        while (started < opt.readers && started - handshakes_done < opt.handshakes_at_once) start(started++);
        loop_step(100);
    }
    if (n_open < opt.readers) fprintf(stderr, "%d of %d readers are open, %d were refused\n", n_open, opt.readers, n_failed);
    if (!n_open) die("no reader could connect");
    return (double)(now_ns() - began) / 1e9;
}

void readers_stall(void) {
    for (int i = 0; i < opt.stalled; i++) {
        if (all[i].state != OPEN) continue;
        all[i].state = STALLED;
        epoll_ctl(ep, EPOLL_CTL_DEL, all[i].fd, NULL);
        n_open--;
    }
}
