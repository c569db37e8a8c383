// JSON lines with very many field names, frequent and rare ones (Zipf's law), over a day:
//   cc -O2 -o many_fields many_fields.c -lm && ./many_fields RECORDS NAMES FIELDS SEED > many.log
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;
static uint64_t next(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }
static double uniform(void) { return (next() >> 11) * (1.0 / 9007199254740992.0); }

static const char *const parts[] = {"user", "order", "cache", "http", "db", "queue", "job", "cart", "item", "price", "region", "host",
    "retry", "shard", "batch", "token", "flag", "score", "total", "size", "age", "lag", "depth", "rate"};
static const char *const words[] = {"ok", "failed", "pending", "eu-west-1", "us-east-2", "timeout", "checkout", "anonymous", "mobile", "desktop"};

static void value(int name)
{
    switch (name % 5) {
    case 0: printf("%llu", (unsigned long long)(next() % 1000)); break;
    case 1: printf("\"%s\"", words[next() % 10]); break;
    case 2: printf("%.3f", uniform() * 100); break;
    case 3: printf("\"%08llx\"", (unsigned long long)(next() & 0xffffffff)); break;
    default: printf(next() & 1 ? "true" : "false"); break;
    }
}

int main(int argc, char **argv)
{
    if (argc < 5) { fprintf(stderr, "many_fields RECORDS NAMES FIELDS SEED\n"); return 2; }
    long records = atol(argv[1]);
    int names = atoi(argv[2]), fields = atoi(argv[3]);
    state = strtoull(argv[4], NULL, 10) * 0x9e3779b97f4a7c15ull + 1;
    double *upto = malloc(sizeof(double) * names), sum = 0;
    for (int i = 0; i < names; i++) upto[i] = sum += 1.0 / (i + 1);
    char *used = calloc(names, 1);
    int *picked = malloc(sizeof(int) * fields);
    for (long r = 0; r < records; r++) {
        double second = 86400.0 * r / records;
        int s = (int)second;
        printf("{\"time\":\"2026-11-21T%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"msg\":\"request %ld done\"",
            s / 3600, s / 60 % 60, s % 60, (int)((second - s) * 1000), next() % 20 ? "info" : "error", r);
        int count = 0;
        for (int f = 0; f < fields; f++) {
            double at = uniform() * sum;
            int low = 0, high = names - 1;
            while (low < high) { int middle = (low + high) / 2; if (upto[middle] < at) low = middle + 1; else high = middle; }
            if (used[low]) continue;
            used[low] = 1;
            picked[count++] = low;
            printf(",\"%s_%s_%d\":", parts[low % 24], parts[low / 24 % 24], low);
            value(low);
        }
        for (int f = 0; f < count; f++) used[picked[f]] = 0;
        puts("}");
    }
    return 0;
}
