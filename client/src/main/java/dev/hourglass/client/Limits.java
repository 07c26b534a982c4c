package dev.hourglass.client;

/**
 * The most that the server takes.
 *
 * @param images of a request
 * @param steps of an image
 * @param pixels of an image
 * @param bodyBytes of a request's body
 * @param queue images that wait; beyond them requests are refused with status 429
 * @param deadline seconds that a request may take
 */
public record Limits(
    int images, int steps, long pixels, long bodyBytes, int queue, double deadline) {}
