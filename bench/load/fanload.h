/* fanload: opens many websocket readers on one epoll thread, publishes entries and times every delivery.
 *
 * An entry ends in the marker ~NNNNNNNN (its number). A delivery counts when a reader has received that marker, so the whole
 * entry is there; joining several entries in one frame or one segment changes nothing. Linux and loopback only.
 */
#ifndef FANLOAD_H
#define FANLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_PORTS 16
#define MAX_PIDS 256
#define PUBLISHER UINT32_MAX /* the epoll key of the publishing connection; readers have their index */

typedef struct {
    const char *socket_path, *publish_path, *together_path, *host_header; /* together_path: see README; may be NULL */
    int ports[MAX_PORTS], n_ports, publish_port;
    int readers, stalled, handshakes_at_once;
    int entry_bytes, singles, burst, bursts;
    double entries_per_second; /* of a burst; 0: the next entry when the last was answered */
    double timeout_s, gap_s, settle_s, silence_s;
    bool hello; /* a reader is open when its first frame is there, not when the handshake is answered */
    int pids[MAX_PIDS], n_pids;
} options;

/* What one phase (or the whole run) has cost and shown. */
typedef struct {
    double cpu_s, generator_s, instructions; /* instructions < 0: the machine does not count them */
    uint64_t at;
} meter;

typedef struct {
    uint32_t entry;
    uint64_t at;
} sample;

extern options opt;
extern int ep;                   /* the one epoll */
extern uint32_t entries_sent;    /* the number of the newest entry */
extern uint64_t *published_at;   /* by entry, nanoseconds of CLOCK_MONOTONIC */
extern uint64_t *committed_at;   /* the same, as the publisher's answer says; 0 where it does not */
extern int max_entries;

/* readers.c */
extern uint64_t deliveries, duplicates, out_of_order, closes, frames, frame_bytes, pings;
extern int n_open, n_failed;
extern sample *samples;
extern size_t n_samples, max_samples;
void readers_init(void);
double readers_connect(void); /* opens them all; returns the seconds it took */
void readers_stall(void);     /* the first opt.stalled stop reading; their connections stay up */
void reader_event(uint32_t index, uint32_t events);

/* publisher.c */
extern bool publishing;
extern int publish_errors;
void publisher_open(void);
void publisher_event(void);
void publish_next(const char *path);

/* account.c */
void account_attach(void); /* finds the children of opt.pids anew */
meter account_now(void);
double account_memory_kib(void);
double account_busy_s(void); /* of the whole machine */

/* loop.c */
uint64_t now_ns(void);
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void loop_step(int milliseconds);
void loop_for(double seconds);

#endif
