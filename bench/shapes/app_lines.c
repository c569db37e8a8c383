/* app_lines.c - lines as an application's structured logger writes them: one JSON object a line with time, level, logger,
 * trace and span ids, a message from some dozens of templates, nested data and durations.
 *   cc -O2 -o app_lines app_lines.c -lm
 *   ./app_lines [lines=2000000] [start_epoch=1790000000] [hours=6] [seed=42] > app.jsonl
 * The same bytes for the same arguments.
 */
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;
/* Sebastiano Vigna, splitmix64. */
static uint64_t rnd(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}
static uint32_t below(uint32_t n) { return (uint32_t)(((rnd() >> 32) * n) >> 32); }
static double unit(void) { return (double)(rnd() >> 11) / 9007199254740992.0; }
/* An index below n; small ones are frequent. */
static uint32_t skewed(uint32_t n, double power) { return (uint32_t)(n * pow(unit(), power)); }
static double lognormal(double median, double sigma) {
    double u = unit() + 1e-12, v = unit();
    return median * exp(sigma * sqrt(-2 * log(u)) * cos(6.283185307179586 * v));
}

static const char *methods[] = {"GET", "GET", "GET", "POST", "PUT", "DELETE"};
static const char *resources[] = {"orders", "carts", "users", "products", "invoices", "sessions", "reviews", "shipments"};
static const char *loggers[] = {
    "http.server", "http.client", "db.pool", "db.query", "cache.redis", "orders.service", "payments.gateway", "auth.session",
    "inventory.sync", "mail.sender", "queue.worker", "search.index", "config.watcher", "scheduler"};
static const char *plans[] = {"free", "free", "free", "pro", "team", "enterprise"};
static const char *regions[] = {"eu-central-1", "us-east-1", "ap-southeast-2"};
static const char *providers[] = {"stripe", "adyen", "paypal"};
static const char *queues[] = {"email", "thumbnails", "exports", "webhooks", "billing"};
static const char *tables[] = {"orders", "order_items", "users", "stock", "payments", "audit_log"};
static const char *jobs[] = {"expire-carts", "rebuild-sitemap", "sync-rates", "rotate-keys", "compact-audit"};

#define PICK(a) a[below(sizeof a / sizeof *a)]
#define SKEWED(a) a[skewed(sizeof a / sizeof *a, 2)]

struct event { const char *level; int logger; int message; };
/* Frequent first: events are drawn skewed. */
static const struct event events[] = {
    {"info", 0, 0}, {"info", 0, 1}, {"debug", 4, 2}, {"debug", 3, 3}, {"info", 5, 4}, {"debug", 4, 5}, {"info", 1, 6},
    {"info", 7, 7}, {"info", 10, 8}, {"info", 10, 9}, {"debug", 2, 10}, {"info", 6, 11}, {"info", 9, 12}, {"info", 5, 13},
    {"info", 8, 14}, {"debug", 11, 15}, {"info", 7, 16}, {"warn", 3, 17}, {"warn", 1, 18}, {"info", 13, 19}, {"info", 13, 20},
    {"warn", 7, 21}, {"info", 11, 22}, {"warn", 10, 23}, {"error", 6, 24}, {"warn", 2, 25}, {"error", 1, 26}, {"info", 12, 27},
    {"error", 3, 28}, {"error", 9, 29}, {"warn", 8, 30}, {"error", 10, 31}, {"info", 8, 32}, {"warn", 0, 33}, {"fatal", 12, 34},
    {"error", 5, 35}};

static void message(int which, uint32_t user) {
    switch (which) {
    case 0: printf("%s /api/v1/%s/%u responded %d in %.1f ms", PICK(methods), SKEWED(resources), skewed(90000, 3), below(40) ? 200 : 404, lognormal(12, 0.9)); break;
    case 1: printf("request from 10.%u.%u.%u accepted", below(4), below(256), below(256)); break;
    case 2: printf("cache hit for key user:%u:profile", user); break;
    case 3: printf("query on %s returned %u rows in %.2f ms", SKEWED(tables), skewed(500, 3), lognormal(1.5, 0.8)); break;
    case 4: printf("order %u placed by user %u with %u items, total %.2f EUR", 10000000 + below(9000000), user, 1 + skewed(12, 2), lognormal(48, 0.8)); break;
    case 5: printf("cache miss for key product:%u", skewed(40000, 2)); break;
    case 6: printf("call to https://%s.internal/v2/%s took %u ms", SKEWED(providers), SKEWED(resources), (unsigned)lognormal(85, 0.7)); break;
    case 7: printf("session %08" PRIx64 " opened for user %u", rnd() >> 32, user); break;
    case 8: printf("job %" PRIx64 " taken from queue %s after %u ms", rnd() >> 16, SKEWED(queues), (unsigned)lognormal(40, 1.2)); break;
    case 9: printf("job %" PRIx64 " finished", rnd() >> 16); break;
    case 10: printf("connection %u returned to pool, %u idle", below(64), below(32)); break;
    case 11: printf("payment %u authorised by %s", 50000000 + below(9000000), SKEWED(providers)); break;
    case 12: printf("mail \\\"%s\\\" sent to user %u", below(2) ? "Your order" : "Your invoice", user); break;
    case 13: printf("order %u moved to state %s", 10000000 + below(9000000), below(2) ? "packed" : "shipped"); break;
    case 14: printf("stock of product %u is now %u", skewed(40000, 2), skewed(900, 2)); break;
    case 15: printf("indexed document %u of type %s", below(4000000), SKEWED(resources)); break;
    case 16: printf("session %08" PRIx64 " closed after %u s", rnd() >> 32, (unsigned)lognormal(600, 1)); break;
    case 17: printf("slow query on %s: %u ms", SKEWED(tables), 500 + (unsigned)lognormal(400, 0.8)); break;
    case 18: printf("retry %u of 5 for https://%s.internal/v2/charges", 1 + below(4), SKEWED(providers)); break;
    case 19: printf("task %s started", PICK(jobs)); break;
    case 20: printf("task %s finished in %.3f s, next run in %u s", PICK(jobs), lognormal(2, 1), 60 * (1 + below(60))); break;
    case 21: printf("login of user %u failed: wrong password, attempt %u", user, 1 + below(5)); break;
    case 22: printf("segment %u merged, %u documents", below(4096), below(900000)); break;
    case 23: printf("queue %s has %u jobs waiting", SKEWED(queues), 1000 + below(5000)); break;
    case 24: printf("payment %u declined by %s: insufficient funds", 50000000 + below(9000000), SKEWED(providers)); break;
    case 25: printf("pool exhausted, waited %u ms for a connection", 100 + (unsigned)lognormal(300, 0.7)); break;
    case 26: printf("call to https://%s.internal/v2/charges failed: timeout after %u ms", SKEWED(providers), 1000 * (1 + below(30))); break;
    case 27: printf("configuration reloaded, version %u", 1200 + below(40)); break;
    case 28: printf("deadlock on %s, transaction %u rolled back", SKEWED(tables), below(100000000)); break;
    case 29: printf("mail to user %u bounced: mailbox full", user); break;
    case 30: printf("rate of %s is %u s old", below(2) ? "EURUSD" : "EURGBP", 300 + below(3000)); break;
    case 31: printf("job %" PRIx64 " failed: unhandled exception\\nat Worker.Run (worker.ts:%u)\\nat async Queue.next (queue.ts:%u)", rnd() >> 16, 40 + below(6), 118 + below(3)); break;
    case 32: printf("inventory of warehouse %u synchronised, %u changes", 1 + below(12), below(900)); break;
    case 33: printf("client closed the request after %u ms", (unsigned)lognormal(5000, 0.6)); break;
    case 34: printf("configuration is invalid: key %s is missing", below(2) ? "db.url" : "mail.from"); break;
    default: printf("order %u cannot be placed: product %u is sold out", 10000000 + below(9000000), skewed(40000, 2)); break;
    }
}

int main(int argc, char **argv) {
    uint64_t lines = argc > 1 ? strtoull(argv[1], 0, 10) : 2000000;
    uint64_t start = (argc > 2 ? strtoull(argv[2], 0, 10) : 1790000000) * 1000;
    double hours = argc > 3 ? atof(argv[3]) : 6;
    state = argc > 4 ? strtoull(argv[4], 0, 10) : 42;
    double step = hours * 3600e3 / (double)lines, at = 0;
    uint64_t trace_high = rnd(), trace_low = rnd();
    uint32_t user = 0, tenant = 0;
    for (uint64_t i = 0; i < lines; i++) {
        at += step * -log(unit() + 1e-12);
        /* About three lines a request. */
        if (below(3) == 0) {
            trace_high = rnd();
            trace_low = rnd();
            user = 1000 + skewed(200000, 2);
            tenant = user % 997;
        }
        uint64_t ms = start + (uint64_t)at;
        time_t seconds = (time_t)(ms / 1000);
        struct tm utc;
        gmtime_r(&seconds, &utc);
        const struct event *event = &SKEWED(events);
        printf("{\"timestamp\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03uZ\",\"level\":\"%s\",\"logger\":\"%s\",\"trace_id\":\"%016" PRIx64 "%016" PRIx64
               "\",\"span_id\":\"%016" PRIx64 "\",\"message\":\"",
            utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, (unsigned)(ms % 1000),
            event->level, loggers[event->logger], trace_high, trace_low, rnd());
        message(event->message, user);
        printf("\",\"data\":{\"user\":{\"id\":%u,\"plan\":\"%s\"},\"tenant\":\"t-%03u\",\"region\":\"%s\",\"host\":\"app-%02u\"", user, plans[user % 6], tenant,
            regions[tenant % 3], below(24));
        if (event->logger < 2) printf(",\"http\":{\"status\":%d,\"bytes\":%u}", below(40) ? 200 : 500, (unsigned)lognormal(2400, 1.1));
        if (below(8) == 0) printf(",\"tags\":[\"%s\",\"beta\"]", below(2) ? "mobile" : "web");
        printf(",\"retry\":%s},\"duration\":%.3f}\n", below(50) ? "false" : "true", lognormal(18, 1.2));
    }
    return 0;
}
