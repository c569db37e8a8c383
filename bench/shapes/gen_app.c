/* Application log: JSON lines with level, trace id, nested data and a message from some dozens of templates.
 *   cc -O2 -o gen_app bench/shapes/gen_app.c && ./gen_app 2000000 [SEED] > app.jsonl
 * The same arguments give the same bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;
static uint64_t rnd(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }
static uint32_t below(uint32_t n) { return (uint32_t)((rnd() >> 33) % n); }
static double unit(void) { return (double)(rnd() >> 11) / 9007199254740992.0; }
/* Few often, many seldom. */
static uint32_t skewed(uint32_t n) { double u = unit(); return (uint32_t)(n * u * u * u); }

static const char *service[] = { "checkout", "catalog", "auth", "search", "billing", "mailer", "gateway", "inventory" };
static const char *region[] = { "eu-west-1", "eu-central-1", "us-east-1", "ap-south-1" };
static const char *table[] = { "orders", "users", "products", "carts", "payments", "sessions", "audit_log" };
static const char *topic[] = { "order.created", "order.paid", "mail.queued", "stock.changed", "user.deleted" };
static const char *provider[] = { "stripe", "adyen", "paypal" };
static const char *currency[] = { "EUR", "USD", "GBP" };
static const char *file[] = { "invoice", "label", "export", "avatar", "report" };
static const char *verb[] = { "GET", "POST", "PUT", "DELETE" };
static const char *path[] = { "/v1/orders", "/v1/users", "/v1/search", "/v2/cart", "/v2/payments", "/internal/health" };
static const char *feature[] = { "new-checkout", "fast-search", "dark-mode", "one-click", "bulk-export" };

int main(int argc, char **argv)
{
    long lines = argc > 1 ? atol(argv[1]) : 1000;
    state = (argc > 2 ? strtoull(argv[2], 0, 10) : 1) * 0x9E3779B97F4A7C15u + 1;
    long long ms = 1785578400000LL;
    char msg[512], data[512];
    uint64_t trace_a = 0, trace_b = 0;
    int trace_left = 0;
    for (long i = 0; i < lines; i++) {
        ms += below(22);
        if (trace_left-- <= 0) { trace_a = rnd(); trace_b = rnd(); trace_left = below(4); }
        uint32_t user = 1 + skewed(200000), order = 7000000 + (uint32_t)(i / 9) + below(500);
        const char *level = "info", *s = service[skewed(8)];
        uint32_t kind = skewed(36);
        int n = 0;
        data[0] = 0;
        switch (kind) {
        case 0: n = sprintf(msg, "%s %s completed with %u in %u ms", verb[skewed(4)], path[skewed(6)], below(20) ? 200 : 404, 1 + skewed(900)); sprintf(data, "\"bytes\":%u,\"cached\":%s", 100 + skewed(90000), below(3) ? "false" : "true"); break;
        case 1: n = sprintf(msg, "user %u logged in from %u.%u.%u.%u", user, 1 + below(223), below(256), below(256), 1 + below(254)); sprintf(data, "\"method\":\"%s\"", below(3) ? "password" : "oauth"); break;
        case 2: n = sprintf(msg, "query on table %s took %.3f ms and returned %u rows", table[skewed(7)], unit() * unit() * 80, skewed(400)); sprintf(data, "\"pool\":{\"busy\":%u,\"idle\":%u}", below(32), below(16)); break;
        case 3: n = sprintf(msg, "order %u placed by user %u for %u.%02u %s", order, user, 5 + skewed(600), below(100), currency[skewed(3)]); sprintf(data, "\"items\":%u,\"coupon\":%s", 1 + skewed(12), below(6) ? "null" : "\"SUMMER\""); break;
        case 4: n = sprintf(msg, "cache miss for key product:%u:price", 10000 + skewed(80000)); level = "debug"; break;
        case 5: n = sprintf(msg, "cache hit for key session:%08x%08x", (unsigned)rnd(), (unsigned)rnd()); level = "debug"; break;
        case 6: n = sprintf(msg, "published event %s to partition %u at offset %ld", topic[skewed(5)], below(12), 91000000 + i); break;
        case 7: n = sprintf(msg, "consumed event %s from partition %u, lag is %u messages", topic[skewed(5)], below(12), skewed(3000)); break;
        case 8: n = sprintf(msg, "payment %08x-%04x-4%03x-a%03x-%08x%04x authorised by %s", (unsigned)rnd(), below(65536), below(4096), below(4096), (unsigned)rnd(), below(65536), provider[skewed(3)]); sprintf(data, "\"amount\":%u.%02u,\"risk\":%.4f", 5 + skewed(600), below(100), unit()); break;
        case 9: n = sprintf(msg, "retrying request to http://%s.internal:8080%s (attempt %u of 5) after %u ms", s, path[skewed(6)], 2 + skewed(4), 100 << below(5)); level = "warn"; break;
        case 10: n = sprintf(msg, "slow request: %s %s took %u ms, threshold is 500 ms", verb[skewed(4)], path[skewed(6)], 500 + skewed(9000)); level = "warn"; break;
        case 11: n = sprintf(msg, "session %016llx expired after %u minutes of inactivity", (unsigned long long)rnd(), 15 + skewed(60)); break;
        case 12: n = sprintf(msg, "sent mail to user%u@example.com using template %s, %u bytes", user, file[below(5)], 900 + skewed(30000)); break;
        case 13: n = sprintf(msg, "connection to db-%02u.%s.example.net:5432 established in %u ms", below(12), region[below(4)], 1 + skewed(90)); break;
        case 14: n = sprintf(msg, "connection to db-%02u.%s.example.net:5432 lost: connection reset by peer", below(12), region[below(4)]); level = "error"; sprintf(data, "\"error\":{\"code\":\"ECONNRESET\",\"errno\":104}"); break;
        case 15: n = sprintf(msg, "uploaded %s-%u.pdf (%u bytes) to s3://%s-files/%u/%02u", file[below(5)], order, 20000 + skewed(900000), s, 2026, 1 + below(12)); break;
        case 16: n = sprintf(msg, "token for user %u refreshed, valid until 2026-08-%02uT%02u:%02u:%02uZ", user, 1 + below(28), below(24), below(60), below(60)); break;
        case 17: n = sprintf(msg, "rate limit exceeded for client %u.%u.%u.%u: %u requests in 60 s", 1 + below(223), below(256), below(256), 1 + below(254), 300 + skewed(2000)); level = "warn"; break;
        case 18: n = sprintf(msg, "feature %s evaluated to %s for user %u", feature[below(5)], below(2) ? "on" : "off", user); level = "debug"; break;
        case 19: n = sprintf(msg, "stock of product %u changed from %u to %u", 10000 + skewed(80000), below(500), below(500)); break;
        case 20: n = sprintf(msg, "job nightly-%s started with %u workers", file[below(5)], 1 + below(16)); break;
        case 21: n = sprintf(msg, "job nightly-%s finished: %u done, %u failed, %.1f s", file[below(5)], skewed(90000), skewed(40), unit() * 900); break;
        case 22: n = sprintf(msg, "validation failed for field '%s': must not be empty", table[below(7)]); level = "warn"; break;
        case 23: n = sprintf(msg, "unhandled exception in %sController.%s: Object reference not set to an instance of an object", file[below(5)], table[below(7)]); level = "error"; sprintf(data, "\"error\":{\"code\":\"NullReference\",\"line\":%u}", below(900)); break;
        case 24: n = sprintf(msg, "deadlock detected on table %s, transaction %u rolled back", table[below(7)], 40000000 + (unsigned)i); level = "error"; break;
        case 25: n = sprintf(msg, "search for \"%s %s\" returned %u results in %u ms", file[below(5)], table[below(7)], skewed(5000), 1 + skewed(300)); break;
        case 26: n = sprintf(msg, "coupon SAVE%u rejected for cart %08x: expired", 10 * (1 + below(5)), (unsigned)rnd()); break;
        case 27: n = sprintf(msg, "gc pause of %.2f ms, heap %u MB of 4096 MB", unit() * 40, 500 + below(3000)); level = "debug"; break;
        case 28: n = sprintf(msg, "health check of %s ok", service[below(8)]); level = "debug"; break;
        case 29: n = sprintf(msg, "address of user %u changed", user); break;
        case 30: n = sprintf(msg, "webhook https://hooks.example.org/%08x answered %u after %u ms", (unsigned)rnd(), below(8) ? 200 : 502, 20 + skewed(4000)); break;
        case 31: n = sprintf(msg, "circuit breaker for %s opened after %u failures", service[below(8)], 5 + below(20)); level = "error"; break;
        case 32: n = sprintf(msg, "circuit breaker for %s closed", service[below(8)]); break;
        case 33: n = sprintf(msg, "migrated %u rows of %s in batch %u", 1000 * (1 + below(10)), table[below(7)], below(900)); break;
        case 34: n = sprintf(msg, "configuration reloaded from /etc/%s/config.yaml (version %u)", s, 100 + below(50)); break;
        default: n = sprintf(msg, "refund of %u.%02u %s for order %u approved by agent %u", 5 + skewed(600), below(100), currency[skewed(3)], order, 1 + below(40)); break;
        }
        (void)n;
        time_t sec = ms / 1000;
        struct tm t;
        gmtime_r(&sec, &t);
        printf("{\"timestamp\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\",\"service\":\"%s\",\"host\":\"%s-%u\",\"trace_id\":\"%016llx%016llx\",\"message\":\"",
            t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, (int)(ms % 1000), level, s, s, below(6), (unsigned long long)trace_a, (unsigned long long)trace_b);
        for (const char *c = msg; *c; c++) { if (*c == '"') putchar('\\'); putchar(*c); }
        printf("\",\"context\":{\"region\":\"%s\",\"user_id\":%u,\"duration_ms\":%.3f", region[skewed(4)], user, unit() * unit() * 250);
        if (data[0]) printf(",\"data\":{%s}", data);
        printf("}}\n");
    }
    return 0;
}
