/* All holdings of one owner with FLINT, in exact fractions.
 *
 * usage: flint_solve dixon|multimod|fflu [OWNER] DIRECTORY
 *
 * Row j of the integer system is outstanding(j) y(j) - sum shares(i,j) y(i) =
 * shares(owner,j). The owner is P0000000 unless given. Prints the time of the
 * solve, the digits of the common denominator and the sums to 30 places.
 *
 * build: gcc -O2 -o flint_solve flint_solve.c -lflint -lgmp
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpq_mat.h>
#include <flint/fmpz.h>
#include <flint/fmpz_mat.h>

enum { LINE = 512, NAME = 128, MOST = 20000, PLACES = 30 };

static char names[MOST][NAME];
static long companies;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "flint_solve: %s %s\n", what, which);
    exit(1);
}

static long find(const char *name)
{
    long j;
    for (j = 0; j < companies; j++)
        if (strcmp(names[j], name) == 0)
            return j;
    return -1;
}

static FILE *open_csv(const char *directory, const char *file)
{
    char path[4096], line[LINE];
    FILE *f;
    snprintf(path, sizeof path, "%s/%s", directory, file);
    f = fopen(path, "r");
    if (f == NULL || fgets(line, LINE, f) == NULL)
        fail("cannot read", path);
    return f;
}

/* read_companies fills the diagonal with the shares outstanding. */
static long *read_companies(const char *directory)
{
    char line[LINE];
    long issued, treasury, *outstanding = malloc(MOST * sizeof *outstanding);
    FILE *f = open_csv(directory, "companies.csv");
    while (fgets(line, LINE, f) != NULL) {
        if (companies == MOST || sscanf(line, "%127[^,],%ld,%ld", names[companies], &issued, &treasury) != 3)
            fail("bad or too many companies at", line);
        outstanding[companies++] = issued - treasury;
    }
    fclose(f);
    return outstanding;
}

static long read_stakes(const char *directory, const char *owner, fmpz_mat_t m, fmpz_mat_t b)
{
    char line[LINE], holder[NAME], issuer[NAME];
    long shares, i, j, stakes = 0;
    FILE *f = open_csv(directory, "stakes.csv");
    while (fgets(line, LINE, f) != NULL) {
        if (sscanf(line, "%127[^,],%127[^,],%ld", holder, issuer, &shares) != 3 || (j = find(issuer)) < 0)
            fail("bad stake", line);
        if ((i = find(holder)) >= 0)
            fmpz_sub_ui(fmpz_mat_entry(m, j, i), fmpz_mat_entry(m, j, i), shares);
        if (strcmp(holder, owner) == 0)
            fmpz_add_ui(fmpz_mat_entry(b, j, 0), fmpz_mat_entry(b, j, 0), shares);
        stakes++;
    }
    fclose(f);
    return stakes;
}

/* print_decimal prints a fraction of at least 0 to PLACES places, cut off. */
static void print_decimal(const char *key, const fmpq_t q)
{
    fmpz_t scaled, unit, whole, rest;
    char *digits;
    size_t zeros;
    fmpz_init(scaled), fmpz_init(unit), fmpz_init(whole), fmpz_init(rest);
    fmpz_set_ui(unit, 10);
    fmpz_pow_ui(unit, unit, PLACES);
    fmpz_mul(scaled, fmpq_numref(q), unit);
    fmpz_fdiv_q(scaled, scaled, fmpq_denref(q));
    fmpz_fdiv_qr(whole, rest, scaled, unit);
    digits = fmpz_get_str(NULL, 10, rest);
    printf(" %s=", key);
    fmpz_print(whole);
    putchar('.');
    for (zeros = PLACES - strlen(digits); zeros > 0; zeros--)
        putchar('0');
    fputs(digits, stdout);
    flint_free(digits);
    fmpz_clear(scaled), fmpz_clear(unit), fmpz_clear(whole), fmpz_clear(rest);
}

/* solve returns the exact answer by one of FLINT's methods. */
static int solve(const char *method, fmpq_mat_t x, const fmpz_mat_t m, const fmpz_mat_t b)
{
    if (strcmp(method, "dixon") == 0)
        return fmpq_mat_solve_fmpz_mat_dixon(x, m, b);
    if (strcmp(method, "multimod") == 0)
        return fmpq_mat_solve_fmpz_mat_multi_mod(x, m, b);
    if (strcmp(method, "fflu") == 0)
        return fmpq_mat_solve_fmpz_mat_fraction_free(x, m, b);
    fail("unknown method", method);
    return 0;
}

int main(int argc, char **argv)
{
    const char *method, *owner, *directory, *network;
    long *outstanding, stakes, j;
    double start, read, done;
    fmpz_mat_t m, b;
    fmpq_mat_t x;
    fmpq_t sum, weighted, term;
    fmpz_t common;

    if (argc != 3 && argc != 4)
        fail("usage: flint_solve dixon|multimod|fflu", "[OWNER] DIRECTORY");
    method = argv[1], owner = argc == 4 ? argv[2] : "P0000000", directory = argv[argc - 1];
    network = strrchr(directory, '/') == NULL ? directory : strrchr(directory, '/') + 1;
    start = now();
    outstanding = read_companies(directory);
    fmpz_mat_init(m, companies, companies);
    fmpz_mat_init(b, companies, 1);
    fmpq_mat_init(x, companies, 1);
    for (j = 0; j < companies; j++)
        fmpz_set_ui(fmpz_mat_entry(m, j, j), outstanding[j]);
    stakes = read_stakes(directory, owner, m, b);
    read = now();
    if (!solve(method, x, m, b))
        fail("singular:", directory);
    done = now();

    fmpq_init(sum), fmpq_init(weighted), fmpq_init(term), fmpz_init(common);
    fmpz_one(common);
    for (j = 0; j < companies; j++) {
        fmpq_add(sum, sum, fmpq_mat_entry(x, j, 0));
        fmpq_mul_ui(term, fmpq_mat_entry(x, j, 0), j % 1000 + 1);
        fmpq_add(weighted, weighted, term);
        fmpz_lcm(common, common, fmpq_mat_entry_den(x, j, 0));
    }
    printf("peer=flint-%s task=exact-%s network=%s stakes=%ld companies=%ld load_s=%.3f solve_s=%.4f owner=%s digits=%lu",
           FLINT_VERSION, method, network, stakes, companies, read - start, done - read, owner,
           (unsigned long)fmpz_sizeinbase(common, 10));
    print_decimal("sum", sum);
    print_decimal("weighted", weighted);
    printf("\n");
    free(outstanding);
    return 0;
}
