/* A PKCS#11 module that misbehaves in one way, chosen when it is compiled, and otherwise hands every
 * call to SoftHSM (whose path is compiled in as SOFTHSM). It has the layout of CK_FUNCTION_LIST
 * (PKCS#11 2.40, 3.6) and knows the functions by their place in it. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef void (*function)(void);

#define FUNCTIONS 68
#define INITIALIZE 0
#define GET_FUNCTION_LIST 3
#define GET_SLOT_LIST 4
#define GET_TOKEN_INFO 6
#define LOGIN 18
#define SIGN 43

#define DEVICE_REMOVED 0x32
#define TOKEN_NOT_PRESENT 0xe0

struct list {
    unsigned char version[2];
    function functions[FUNCTIONS];
};

static struct list ours;
static struct list *theirs;

typedef CK_RV (*get_list)(struct list **);
typedef CK_RV (*initialize)(void *);
typedef CK_RV (*slot_list)(unsigned char, CK_ULONG *, CK_ULONG *);
typedef CK_RV (*token_info)(CK_ULONG, unsigned char *);
typedef CK_RV (*login)(CK_ULONG, CK_ULONG, unsigned char *, CK_ULONG);
typedef CK_RV (*sign)(CK_ULONG, unsigned char *, CK_ULONG, unsigned char *, CK_ULONG *);

/* Whether the test has pulled the token: a file says so. */
static int is_pulled(void) {
#ifdef PLUGGABLE
    return access(PULLED, F_OK) == 0;
#else
    return 0;
#endif
}

static void hang(void) {
    for (;;) pause();
}

/* One more line where the test counts them. */
static void note(void) {
    FILE *notes = fopen(NOTES, "a");
    if (notes == NULL) abort();
    fputs("once\n", notes);
    fclose(notes);
}

/* As a slow token: as slow as the test wants, which says by a file how long that is. The first FREE
 * signatures are made at once. */
#ifdef HELD_SIGN
#define FREE 0
#endif
#ifdef HELD_AFTER_FIVE
#define FREE 5
#endif
static void wait_for_the_test(void) {
#ifdef FREE
    static int made;
    if (made++ < FREE || access(HELD, F_OK) != 0) return;
    note();
    while (access(HELD, F_OK) == 0) usleep(2000);
#endif
}

/* A process of its own that outlives its parent and has all its open files. */
static void start_helper(void) {
    if (fork() == 0) {
#ifdef DETACHED_HELPER
        setsid();
        sleep(600);
        _exit(0);
#endif
        signal(SIGTERM, SIG_IGN);
        sleep(600);
        _exit(0);
    }
}

static CK_RV our_initialize(void *arguments) {
#ifdef HANG_INITIALIZE
    note();
    hang();
#endif
#ifdef PRINT
    printf("vendor library started\n");
    fflush(stdout);
    fprintf(stderr, "vendor library warns\n");
    /* Octets that look like a frame of the protocol. */
    if (write(1, "\0\0\0\1\0", 5) < 0) abort();
#endif
#ifdef READ_INPUT
    char octets[64];
    while (read(0, octets, sizeof octets) > 0) {}
#endif
#if defined(HELPER) || defined(DETACHED_HELPER)
    start_helper();
#endif
    return ((initialize)theirs->functions[INITIALIZE])(arguments);
}

static CK_RV our_slot_list(unsigned char present, CK_ULONG *slots, CK_ULONG *count) {
#ifdef HANG_LISTING
    hang();
#endif
#ifdef EXIT_LISTING
    exit(0);
#endif
    if (is_pulled()) {
        *count = 0;
        return 0;
    }
#ifdef ABSURD_COUNT
    if (slots == NULL) {
        *count = (CK_ULONG)1 << 60;
        return 0;
    }
#endif
    return ((slot_list)theirs->functions[GET_SLOT_LIST])(present, slots, count);
}

static CK_RV our_token_info(CK_ULONG slot, unsigned char *info) {
    if (is_pulled()) return TOKEN_NOT_PRESENT;
    CK_RV result = ((token_info)theirs->functions[GET_TOKEN_INFO])(slot, info);
#ifdef GARBAGE_INFO
    /* Label, manufacturer, model and serial number: 32 + 32 + 16 + 16 octets. */
    memset(info, 0xff, 96);
#endif
    return result;
}

static CK_RV our_login(CK_ULONG session, CK_ULONG user, unsigned char *pin, CK_ULONG octets) {
#ifdef PRINT_PIN
    fprintf(stderr, "login with %.*s\n", (int)octets, (char *)pin);
    printf("login with %.*s\n", (int)octets, (char *)pin);
    fflush(stdout);
#endif
#ifdef ABORT_LOGIN
    abort();
#endif
    return ((login)theirs->functions[LOGIN])(session, user, pin, octets);
}

static CK_RV our_sign(CK_ULONG session, unsigned char *data, CK_ULONG octets, unsigned char *value,
                      CK_ULONG *value_octets) {
    if (is_pulled()) return DEVICE_REMOVED;
#ifdef ABORT_SIGN
    abort();
#endif
#ifdef HANG_SIGN
    hang();
#endif
#ifdef KILL_SIGN
    kill(getpid(), SIGKILL);
#endif
    wait_for_the_test();
    CK_RV result =
        ((sign)theirs->functions[SIGN])(session, data, octets, value, value_octets);
#ifdef GARBAGE_SIGN
    memset(value, 0x5a, 64);
#endif
#ifdef ABSURD_VALUE
    *value_octets = (CK_ULONG)1 << 40;
#endif
#ifdef OVERWRITE_PIPE
    /* As after a stray write: every open file that takes it gets octets that are no reply. */
    for (int file = 3; file < 64; file++)
        if (write(file, "\0\0\0\4\xff\xff\xff\xff", 8) < 0) continue;
#endif
#ifdef ANNOUNCE_MUCH
    for (int file = 3; file < 64; file++)
        if (write(file, "\xff\xff\xff\xff", 4) < 0) continue;
#endif
    return result;
}

CK_RV C_GetFunctionList(struct list **list) {
    if (theirs == NULL) {
        void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) return 5;
        get_list get = (get_list)dlsym(library, "C_GetFunctionList");
        if (get == NULL || get(&theirs) != 0) return 5;
        ours = *theirs;
        ours.functions[INITIALIZE] = (function)our_initialize;
        ours.functions[GET_FUNCTION_LIST] = (function)C_GetFunctionList;
        ours.functions[GET_SLOT_LIST] = (function)our_slot_list;
        ours.functions[GET_TOKEN_INFO] = (function)our_token_info;
        ours.functions[LOGIN] = (function)our_login;
        ours.functions[SIGN] = (function)our_sign;
    }
    *list = &ours;
    return 0;
}
