/* Options, phases and the one line of JSON that a run prints. See bench/README.md for what each figure means. */
#define _GNU_SOURCE
#include "fanload.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define WARM_UP 2

options opt = {.socket_path = "/", .publish_path = "/publish", .host_header = "localhost", .readers = 1000, .handshakes_at_once = 64,
               .entry_bytes = 2048, .singles = 5, .burst = 30, .bursts = 1, .timeout_s = 30, .gap_s = 0.1, .settle_s = 1, .silence_s = 10};
uint32_t entries_sent;
uint64_t *published_at, *committed_at;
int max_entries;

/* What one kind of phase came to. The lists hold one figure a repetition. */
typedef struct {
    double first_ms[512], p50_ms[512], p99_ms[512], last_ms[512], p99_after_commit_ms[512], last_after_commit_ms[512];
    double cpu_s, instructions, generator_s, busy_s;
    uint64_t got, lost;
    int n;
} phase;

static phase single, burst, together;

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int n) {
    if (!n) return NAN;
    qsort(values, (size_t)n, sizeof *values, by_size);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* The latencies of the samples, in milliseconds and sorted; from the commit where the publisher said when that was. */
static double *latencies(bool after_commit) {
    double *result = malloc((n_samples + 1) * sizeof *result);
    for (size_t i = 0; i < n_samples; i++) {
        uint32_t entry = samples[i].entry;
        uint64_t from = after_commit && committed_at[entry] ? committed_at[entry] : published_at[entry];
        result[i] = (double)((int64_t)(samples[i].at - from)) / 1e6;
    }
    qsort(result, n_samples, sizeof *result, by_size);
    return result;
}

/* Publishes `count` entries to `path`, waits for every delivery (or for silence), and adds the outcome to `to`. */
static void run_phase(phase *to, int count, const char *path) {
    n_samples = 0;
    uint64_t before = deliveries, want = (uint64_t)n_open * (uint64_t)count, had = before;
    meter began = account_now();
    uint64_t moved = began.at, end = began.at + (uint64_t)(opt.timeout_s * 1e9);
    for (int sent = 0;;) {
        uint64_t now = now_ns();
        if (now > end) break;
        bool all_sent = sent == count && !publishing;
        if (all_sent && deliveries - before >= want) break;
        if (deliveries != had) had = deliveries, moved = now;
        if (all_sent && (double)(now - moved) > opt.silence_s * 1e9) break;
        if (sent < count && !publishing && (opt.entries_per_second <= 0 || now >= began.at + (uint64_t)(sent / opt.entries_per_second * 1e9))) {
            publish_next(path);
            sent++;
        } else {
            loop_step(opt.entries_per_second > 0 && sent < count ? 1 : 50);
        }
    }
    meter ended = account_now();
    uint64_t got = deliveries - before;
    to->got += got;
    to->lost += got < want ? want - got : 0;
    if (n_samples && to->n < 512) {
        double *ms = latencies(false), *after = latencies(true);
        size_t last = n_samples - 1, at99 = (size_t)((double)n_samples * 0.99);
        if (at99 > last) at99 = last;
        to->first_ms[to->n] = ms[0];
        to->p50_ms[to->n] = ms[n_samples / 2];
        to->p99_ms[to->n] = ms[at99];
        to->last_ms[to->n] = ms[last];
        to->p99_after_commit_ms[to->n] = after[at99];
        to->last_after_commit_ms[to->n++] = after[last];
        free(ms);
        free(after);
    }
    /* The server goes on for a moment after the last reader has it (its answers, its own clean-up): that is part of its cost. */
    loop_for(opt.gap_s);
    meter after = account_now();
    to->cpu_s += after.cpu_s - began.cpu_s;
    to->instructions += after.instructions - began.instructions;
    to->generator_s += ended.generator_s - began.generator_s;
    to->busy_s += (double)(ended.at - began.at) / 1e9;
}

static void print_number(const char *name, double value, const char *after) {
    if (isfinite(value))
        printf("\"%s\":%.4f%s", name, value, after);
    else
        printf("\"%s\":null%s", name, after);
}

static void print_phase(const char *name, phase *p, bool counted) {
    double each = p->got ? (double)p->got : NAN;
    printf("\"%s\":{\"repetitions\":%d,\"deliveries\":%llu,\"lost\":%llu,", name, p->n, (unsigned long long)p->got, (unsigned long long)p->lost);
    print_number("cpu_us_per_delivery", p->cpu_s * 1e6 / each, ",");
    print_number("kinsn_per_delivery", counted ? p->instructions / 1e3 / each : NAN, ",");
    print_number("seconds", p->busy_s, ",");
    print_number("deliveries_per_second", each / p->busy_s, ",");
    print_number("generator_share", p->generator_s / p->busy_s, ",");
    print_number("first_ms", median(p->first_ms, p->n), ",");
    print_number("p50_ms", median(p->p50_ms, p->n), ",");
    print_number("p99_ms", median(p->p99_ms, p->n), ",");
    print_number("last_ms", median(p->last_ms, p->n), ",");
    print_number("p99_after_commit_ms", median(p->p99_after_commit_ms, p->n), ",");
    print_number("last_after_commit_ms", median(p->last_after_commit_ms, p->n), "},");
}

static int list(char *text, int *into, int most) {
    int n = 0;
    for (char *item = strtok(text, ","); item; item = strtok(NULL, ",")) {
        if (n == most) die("more than %d in a list", most);
        into[n++] = atoi(item);
    }
    return n;
}

static void read_options(int count, char **arguments) {
    for (int o; (o = getopt(count, arguments, "p:u:P:U:V:H:n:c:Z:s:k:b:B:R:t:g:w:q:S:F")) != -1;) switch (o) {
            case 'p': opt.n_ports = list(optarg, opt.ports, MAX_PORTS); break;
            case 'u': opt.socket_path = optarg; break;
            case 'P': opt.publish_port = atoi(optarg); break;
            case 'U': opt.publish_path = optarg; break;
            case 'V': opt.together_path = optarg; break;
            case 'H': opt.host_header = optarg; break;
            case 'n': opt.readers = atoi(optarg); break;
            case 'c': opt.handshakes_at_once = atoi(optarg); break;
            case 'Z': opt.stalled = atoi(optarg); break;
            case 's': opt.entry_bytes = atoi(optarg); break;
            case 'k': opt.singles = atoi(optarg); break;
            case 'b': opt.burst = atoi(optarg); break;
            case 'B': opt.bursts = atoi(optarg); break;
            case 'R': opt.entries_per_second = atof(optarg); break;
            case 't': opt.timeout_s = atof(optarg); break;
            case 'g': opt.gap_s = atof(optarg); break;
            case 'w': opt.settle_s = atof(optarg); break;
            case 'q': opt.silence_s = atof(optarg); break;
            case 'S': opt.n_pids = list(optarg, opt.pids, MAX_PIDS); break;
            case 'F': opt.hello = true; break;
            default: die("see bench/README.md for the options");
        }
    if (!opt.n_ports) die("-p names the server's port");
    if (opt.readers < 1 || opt.entry_bytes < 32 || opt.singles > 512 || opt.bursts > 512) die("an option is out of its range");
}

static void raise_file_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t need = (rlim_t)opt.readers + 100;
    if (limit.rlim_cur >= need) return;
    limit.rlim_cur = limit.rlim_max > need ? need : limit.rlim_max;
    if (limit.rlim_cur < need || setrlimit(RLIMIT_NOFILE, &limit)) die("%d readers need a limit of %d open files", opt.readers, (int)need);
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    raise_file_limit();
    signal(SIGPIPE, SIG_IGN);
    ep = epoll_create1(EPOLL_CLOEXEC);
    max_entries = WARM_UP + opt.singles + opt.burst * (opt.bursts + 1) + 2;
    published_at = calloc((size_t)max_entries, sizeof *published_at);
    committed_at = calloc((size_t)max_entries, sizeof *committed_at);
    readers_init();

    account_attach();
    double memory_before = account_memory_kib();
    meter before = account_now();
    double connect_s = readers_connect();
    meter connected = account_now();
    int opened = n_open;
    loop_for(opt.settle_s);
    account_attach(); /* threads and children may have come with the readers */
    double memory_quiet = account_memory_kib();

    bool counted = account_now().instructions >= 0;
    double busy = 0, others = 0;
    uint64_t published_bytes = 0, published_frames = 0;
    if (opt.publish_port) {
        readers_stall();
        publisher_open();
        phase warm_up = {0};
        for (int i = 0; i < WARM_UP; i++) run_phase(&warm_up, 1, opt.publish_path);
        if (!warm_up.got) die("the first entry reached no reader");
        meter from = account_now();
        busy = account_busy_s();
        published_bytes = frame_bytes, published_frames = frames;
        double rate = opt.entries_per_second;
        opt.entries_per_second = 0;
        for (int i = 0; i < opt.singles; i++) run_phase(&single, 1, opt.publish_path);
        opt.entries_per_second = rate;
        for (int i = 0; i < opt.bursts && opt.burst; i++) run_phase(&burst, opt.burst, opt.publish_path);
        if (opt.together_path && opt.burst) run_phase(&together, opt.burst, opt.together_path);
        meter to = account_now();
        others = (account_busy_s() - busy - (to.cpu_s - from.cpu_s) - (to.generator_s - from.generator_s)) / ((double)(to.at - from.at) / 1e9);
        published_bytes = frame_bytes - published_bytes, published_frames = frames - published_frames;
    }
    double memory_after = account_memory_kib();

    printf("{\"readers\":%d,\"open\":%d,\"stalled\":%d,\"entry_bytes\":%d,", opt.readers, opened, opt.stalled, opt.entry_bytes);
    print_number("connect_s", connect_s, ",");
    print_number("handshakes_per_second", opened / connect_s, ",");
    print_number("handshake_cpu_ms", (connected.cpu_s - before.cpu_s) * 1e3 / opened, ",");
    print_number("connect_generator_share", (connected.generator_s - before.generator_s) / connect_s, ",");
    print_number("memory_kib_per_reader", (memory_quiet - memory_before) / opened, ",");
    print_number("memory_growth_kib", memory_after - memory_quiet, ",");
    if (opt.publish_port) {
        print_phase("single", &single, counted);
        print_phase("burst", &burst, counted);
        if (together.n) print_phase("together", &together, counted);
        print_number("frame_bytes", published_frames ? (double)published_bytes / (double)published_frames : NAN, ",");
        print_number("others_cpu", others, ",");
    }
    printf("\"duplicates\":%llu,\"out_of_order\":%llu,\"closed\":%llu,\"failed\":%d,\"pings\":%llu,\"publish_errors\":%d}\n",
           (unsigned long long)duplicates, (unsigned long long)out_of_order, (unsigned long long)closes, n_failed,
           (unsigned long long)pings, publish_errors);
    return 0;
}
