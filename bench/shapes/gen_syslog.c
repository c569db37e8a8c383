/* System log as RFC 3164 has it: date host tag[pid]: message.
 *   cc -O2 -o gen_syslog bench/shapes/gen_syslog.c && ./gen_syslog 2000000 [SEED] > syslog.log
 * The same arguments give the same bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t state;
static uint64_t rnd(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; }
static uint32_t below(uint32_t n) { return (uint32_t)((rnd() >> 33) % n); }
static double unit(void) { return (double)(rnd() >> 11) / 9007199254740992.0; }
static uint32_t skewed(uint32_t n) { double u = unit(); return (uint32_t)(n * u * u * u); }

static const char *month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *name[] = { "root", "admin", "deploy", "oracle", "postgres", "test", "git", "backup", "ubuntu", "www-data", "jenkins", "alice", "bob" };
static const char *unitname[] = { "nginx.service", "docker.service", "cron.service", "apt-daily.service", "logrotate.service", "fstrim.timer", "certbot.service" };
static const char *job[] = { "/usr/lib/sysstat/sa1 1 1", "/opt/backup/run.sh --incremental", "cd / && run-parts --report /etc/cron.hourly", "/usr/local/bin/rotate" };
static const char *domain[] = { "gmail.com", "example.org", "example.net", "outlook.com", "gmx.de" };

static uint32_t ip[20000];
static uint32_t pid_of[40 * 16];

static void put_ip(char *p, uint32_t a) { sprintf(p, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255); }

int main(int argc, char **argv)
{
    long lines = argc > 1 ? atol(argv[1]) : 1000;
    state = (argc > 2 ? strtoull(argv[2], 0, 10) : 1) * 0x9E3779B97F4A7C15u + 1;
    for (int i = 0; i < 20000; i++) ip[i] = (1 + below(223)) << 24 | (uint32_t)(rnd() >> 40);
    for (int i = 0; i < 40 * 16; i++) pid_of[i] = 300 + below(30000);
    time_t now = 1793410431;
    double part = 0;
    uint32_t next_pid = 1000;
    char msg[512], addr[20];
    for (long i = 0; i < lines; i++) {
        part += unit() * 0.5;
        while (part >= 1) { part -= 1; now++; }
        uint32_t host = skewed(40), kind = skewed(30);
        const char *tag;
        uint32_t pid = 0;
        next_pid = 1000 + (next_pid - 1000 + below(3)) % 31000;
        put_ip(addr, ip[skewed(20000)]);
        const char *who = name[skewed(13)];
#define DAEMON(n, t) tag = t, pid = pid_of[host * 16 + n]
        switch (kind) {
        case 0: tag = "sshd", pid = next_pid; sprintf(msg, "Failed password for %s%s from %s port %u ssh2", below(2) ? "" : "invalid user ", who, addr, 1024 + below(64000)); break;
        case 1: tag = "sshd", pid = next_pid; sprintf(msg, "Accepted publickey for %s from %s port %u ssh2: ED25519 SHA256:%08x%08x", who, addr, 1024 + below(64000), ip[host] * 7, ip[host + 40] * 11); break;
        case 2: tag = "sshd", pid = next_pid; sprintf(msg, "pam_unix(sshd:session): session opened for user %s(uid=%u) by (uid=0)", who, 1000 + below(13)); break;
        case 3: tag = "sshd", pid = next_pid; sprintf(msg, "pam_unix(sshd:session): session closed for user %s", who); break;
        case 4: tag = "CRON", pid = next_pid; sprintf(msg, "(%s) CMD (%s)", who, job[skewed(4)]); break;
        case 5: tag = "sshd", pid = next_pid; sprintf(msg, "Connection closed by authenticating user %s %s port %u [preauth]", who, addr, 1024 + below(64000)); break;
        case 6: tag = "sshd", pid = next_pid; sprintf(msg, "Received disconnect from %s port %u:11: Bye Bye [preauth]", addr, 1024 + below(64000)); break;
        case 7: tag = "kernel"; sprintf(msg, "[%ld.%06u] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:%02x:%02x:%02x SRC=%s DST=10.0.%u.%u LEN=%u TOS=0x00 PREC=0x00 TTL=%u ID=%u PROTO=TCP SPT=%u DPT=%u WINDOW=1024 RES=0x00 SYN URGP=0", (long)(now - 1793000000), below(1000000), host, host * 3 & 255, host * 7 & 255, addr, host, 1 + below(3), 40 + 4 * below(6), 32 + below(96), below(65536), 1024 + below(64000), below(4) ? 23 : below(65536)); break;
        case 8: DAEMON(1, "systemd"); sprintf(msg, "Started %s - daily work.", unitname[skewed(7)]); break;
        case 9: DAEMON(1, "systemd"); sprintf(msg, "%s: Succeeded.", unitname[skewed(7)]); break;
        case 10: DAEMON(2, "postfix/smtpd"); sprintf(msg, "connect from unknown[%s]", addr); break;
        case 11: DAEMON(2, "postfix/smtpd"); sprintf(msg, "disconnect from unknown[%s] ehlo=1 auth=0/1 commands=%u/%u", addr, 1 + below(3), 2 + below(3)); break;
        case 12: DAEMON(3, "postfix/qmgr"); sprintf(msg, "%010llX: from=<user%u@%s>, size=%u, nrcpt=1 (queue active)", (unsigned long long)(rnd() >> 24), skewed(3000), domain[skewed(5)], 500 + skewed(60000)); break;
        case 13: DAEMON(4, "postfix/smtp"); sprintf(msg, "%010llX: to=<user%u@%s>, relay=mx%u.%s[%s]:25, delay=%.2f, delays=0.0%u/0.01/%.2f/%.2f, dsn=2.0.0, status=sent (250 2.0.0 OK %ld)", (unsigned long long)(rnd() >> 24), skewed(3000), domain[skewed(5)], 1 + below(3), domain[skewed(5)], addr, unit() * 4, below(10), unit(), unit(), (long)now); break;
        case 14: DAEMON(5, "dhclient"); sprintf(msg, "DHCPREQUEST for 10.0.%u.%u on eth0 to 10.0.%u.1 port 67 (xid=0x%08x)", host, below(256), host, (unsigned)rnd()); break;
        case 15: DAEMON(5, "dhclient"); sprintf(msg, "bound to 10.0.%u.%u -- renewal in %u seconds.", host, below(256), 10000 + below(20000)); break;
        case 16: DAEMON(6, "ntpd"); sprintf(msg, "adjusting local clock by %.6fs", unit() - 0.5); break;
        case 17: DAEMON(7, "named"); sprintf(msg, "client @0x7f%010llx %s#%u (www.%s): query (cache) 'www.%s/A/IN' denied", (unsigned long long)(rnd() >> 24), addr, 1024 + below(64000), domain[skewed(5)], domain[skewed(5)]); break;
        case 18: tag = "sudo"; sprintf(msg, "%8s : TTY=pts/%u ; PWD=/home/%s ; USER=root ; COMMAND=/usr/bin/systemctl restart %s", who, below(5), who, unitname[skewed(7)]); break;
        case 19: DAEMON(8, "dockerd"); sprintf(msg, "time=\"2026-10-31T%02u:%02u:%02u.%09uZ\" level=info msg=\"ignoring event\" container=%016llx%016llx%016llx%016llx module=libcontainerd", below(24), below(60), below(60), below(1000000000), (unsigned long long)rnd(), (unsigned long long)rnd(), (unsigned long long)rnd(), (unsigned long long)rnd()); break;
        case 20: tag = "kernel"; sprintf(msg, "[%ld.%06u] TCP: request_sock_TCP: Possible SYN flooding on port %u. Sending cookies.", (long)(now - 1793000000), below(1000000), below(2) ? 80 : 443); break;
        case 21: DAEMON(9, "rsyslogd"); sprintf(msg, "action 'action-%u-builtin:omfwd' suspended (module 'builtin:omfwd'), retry %u", below(4), below(10)); break;
        case 22: DAEMON(10, "snmpd"); sprintf(msg, "Connection from UDP: [%s]:%u->[10.0.%u.2]:161", addr, 1024 + below(64000), host); break;
        case 23: tag = "kernel"; sprintf(msg, "[%ld.%06u] Out of memory: Killed process %u (java) total-vm:%ukB, anon-rss:%ukB, file-rss:0kB", (long)(now - 1793000000), below(1000000), next_pid, 4000000 + below(4000000), 1000000 + below(3000000)); break;
        case 24: DAEMON(11, "haproxy"); sprintf(msg, "%s:%u [31/Oct/2026:10:%02u:%02u.%03u] https~ app/web%u %u/0/%u/%u/%u %u %u - - ---- %u/%u/0/0/0 0/0 \"GET /item/%u HTTP/1.1\"", addr, 1024 + below(64000), below(60), below(60), below(1000), 1 + below(4), below(9), below(3), skewed(900), skewed(1000), below(9) ? 200 : 503, 200 + skewed(50000), below(90), below(80), skewed(90000)); break;
        case 25: DAEMON(12, "dovecot"); sprintf(msg, "imap-login: Login: user=<user%u>, method=PLAIN, rip=%s, lip=10.0.%u.2, mpid=%u, TLS, session=<%08x>", skewed(3000), addr, host, next_pid, (unsigned)rnd()); break;
        case 26: DAEMON(13, "smartd"); sprintf(msg, "Device: /dev/sd%c [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from %u to %u", 'a' + below(6), 100 + below(30), 100 + below(30)); break;
        case 27: DAEMON(14, "chronyd"); sprintf(msg, "Selected source %s (%u.pool.ntp.org)", addr, below(4)); break;
        case 28: tag = "su"; sprintf(msg, "(to root) %s on pts/%u", who, below(6)); break;
        default: DAEMON(15, "fail2ban.actions"); sprintf(msg, "NOTICE [sshd] %s %s", below(2) ? "Ban" : "Unban", addr); break;
        }
        struct tm t;
        gmtime_r(&now, &t);
        if (pid) printf("%s %2d %02d:%02d:%02d web-%02u %s[%u]: %s\n", month[t.tm_mon], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, host, tag, pid, msg);
        else printf("%s %2d %02d:%02d:%02d web-%02u %s: %s\n", month[t.tm_mon], t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, host, tag, msg);
    }
    return 0;
}
