/* The clock, the end, and one turn of the event loop. */
#define _GNU_SOURCE
#include "fanload.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

int ep;

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

void loop_step(int milliseconds) {
    struct epoll_event events[512];
    int ready = epoll_wait(ep, events, 512, milliseconds);
    for (int i = 0; i < ready; i++) {
        if (events[i].data.u32 == PUBLISHER)
            publisher_event();
        else
            reader_event(events[i].data.u32, events[i].events);
    }
}

void loop_for(double seconds) {
    uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
    for (;;) {
        int64_t left = (int64_t)(end - now_ns());
        if (left <= 0) return;
        int64_t ms = left / 1000000 + 1;
        loop_step(ms > 100 ? 100 : (int)ms);
    }
}
