package dev.hourglass.study.result;

/**
 * What made a result.
 *
 * @param processor its name, or only its architecture where the system does not tell
 * @param cores that the process could use
 * @param threads that computed
 * @param precision the number format of matrix products, after {@code auto} was decided
 * @param version of Hourglass
 * @param commit of its sources, with {@code -dirty} if they were changed; empty if unknown
 * @param date when the cell ended, in UTC, as ISO 8601
 */
public record Provenance(
    String processor,
    int cores,
    int threads,
    String system,
    String java,
    String precision,
    String version,
    String commit,
    String date) {}
