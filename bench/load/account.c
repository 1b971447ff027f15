/* What the server costs: CPU time, instructions and memory of its processes and their children; and what we cost ourselves. */
#define _GNU_SOURCE
#include "fanload.h"

#include <ctype.h>
#include <dirent.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define MAX_COUNTERS 4096

static int tree[MAX_PIDS], n_tree;
static int counters[MAX_COUNTERS], n_counters;
static bool counting = true;

static void count_thread(int tid) {
    struct perf_event_attr what;
    memset(&what, 0, sizeof what);
    what.size = sizeof what;
    what.type = PERF_TYPE_HARDWARE;
    what.config = PERF_COUNT_HW_INSTRUCTIONS; /* user and kernel */
    what.inherit = 1;
    int fd = n_counters < MAX_COUNTERS ? (int)syscall(SYS_perf_event_open, &what, tid, -1, -1, PERF_FLAG_FD_CLOEXEC) : -1;
    if (fd < 0)
        counting = false;
    else
        counters[n_counters++] = fd;
}

static void add_process(int pid) {
    for (int i = 0; i < n_tree; i++)
        if (tree[i] == pid) return;
    if (n_tree == MAX_PIDS) die("more than %d server processes", MAX_PIDS);
    char path[400];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *threads = opendir(path);
    if (!threads) return;
    tree[n_tree++] = pid;
    for (struct dirent *thread; (thread = readdir(threads));) {
        if (!isdigit((unsigned char)thread->d_name[0])) continue;
        if (counting) count_thread(atoi(thread->d_name));
        snprintf(path, sizeof path, "/proc/%d/task/%s/children", pid, thread->d_name);
        FILE *children = fopen(path, "r");
        if (!children) continue;
        for (int child; fscanf(children, "%d", &child) == 1;) add_process(child);
        fclose(children);
    }
    closedir(threads);
}

void account_attach(void) {
    while (n_counters) close(counters[--n_counters]);
    n_tree = 0;
    for (int i = 0; i < opt.n_pids; i++) add_process(opt.pids[i]);
    if (opt.n_pids && !n_tree) die("none of the server's processes is there");
}

meter account_now(void) {
    meter result = {.at = now_ns(), .instructions = counting && n_counters ? 0 : -1};
    for (int i = 0; i < n_tree; i++) {
        clockid_t clock;
        struct timespec t;
        if (!clock_getcpuclockid(tree[i], &clock) && !clock_gettime(clock, &t)) result.cpu_s += (double)t.tv_sec + (double)t.tv_nsec / 1e9;
    }
    for (int i = 0; i < n_counters && result.instructions >= 0; i++) {
        uint64_t value;
        if (read(counters[i], &value, sizeof value) == sizeof value) result.instructions += (double)value;
    }
    struct rusage self;
    getrusage(RUSAGE_SELF, &self);
    result.generator_s = (double)(self.ru_utime.tv_sec + self.ru_stime.tv_sec) + (double)(self.ru_utime.tv_usec + self.ru_stime.tv_usec) / 1e6;
    return result;
}

double account_memory_kib(void) {
    double total = 0;
    for (int i = 0; i < n_tree; i++) {
        char path[64], line[256];
        double value;
        snprintf(path, sizeof path, "/proc/%d/smaps_rollup", tree[i]);
        FILE *file = fopen(path, "r");
        if (!file) continue;
        while (fgets(line, sizeof line, file))
            if (sscanf(line, "Pss: %lf", &value) == 1) total += value;
        fclose(file);
    }
    return total;
}

double account_busy_s(void) {
    double user, nice, system, idle, wait, irq, soft, steal, busy = 0;
    FILE *file = fopen("/proc/stat", "r");
    if (!file) return 0;
    if (fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle, &wait, &irq, &soft, &steal) == 8)
        busy = user + nice + system + irq + soft + steal;
    fclose(file);
    return busy / (double)sysconf(_SC_CLK_TCK);
}
