package dev.hourglass.bench.serve.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Any number of requests, each a function of the seed and its number alone.
 *
 * @param seed of all
 */
record FuzzRequests(long seed, FuzzTarget target) {

  private static final String SAMPLES = "/v1/samples";
  private static final String GENERATIONS = "/v1/images/generations";
  private static final String BOUNDARY = "boundary7";
  private static final String JSON = "Content-Type: application/json";
  private static final String FORM = "Content-Type: multipart/form-data; boundary=" + BOUNDARY;

  private static final List<String> ACCEPTED =
      List.of("application/json", "text/event-stream", "*/*", "application/*;q=0.5");

  private static final List<String> ODD_ACCEPTED =
      List.of("", "text/html", "application/json;q=0", "image/webp", ";;;", "image/png", "a");

  private static final List<String> ODD_TYPES =
      List.of(
          "text/plain",
          "",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "multipart/form-data; boundary=",
          "multipart/form-data; boundary=\"" + "b".repeat(300) + "\"",
          "multipart/mixed; boundary=" + BOUNDARY,
          "application/xml",
          "application",
          "application/json; charset=klingon",
          "application/json; charset=utf-16");

  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW");

  private static final List<String> TARGETS =
      List.of(
          "/",
          "/v1/models",
          "/v1/models/",
          "/v1/models/none",
          "/v1/models/%00",
          "/v1/models/%FF",
          "/v1/models/%2e%2e%2f",
          "/v1/models?limit=-1",
          SAMPLES,
          SAMPLES + "/",
          GENERATIONS,
          "/v1/images/" + "0".repeat(32) + ".png",
          "/v1/images/..png",
          "/v1/images/x.png",
          "/v1/images/",
          "/v1/nothing",
          "/v1",
          "/health/live",
          "/health/ready",
          "/health",
          "/metrics",
          "/openapi.json",
          "/page/page.js",
          "/page/",
          "/page/../../../etc/passwd",
          "/page/..%2f..%2f..%2fetc%2fpasswd",
          "/page/%5c..%5c",
          "/page/" + "a".repeat(1500),
          "//",
          "/?a=%",
          "/favicon.ico");

  /** The request of that number, from 0. */
  FuzzRequest request(long number) {
    Chance chance = new Chance(seed, number);
    FuzzBodies bodies = new FuzzBodies(chance, target);
    int kind = chance.below(100);
    if (kind < 15) {
      return drawable(chance, bodies);
    }
    if (kind < 60) {
      return spoiled(chance, bodies);
    }
    if (kind < 70) {
      String json = bodies.json(bodies.samples(1));
      return post(chance.of(List.of(SAMPLES, GENERATIONS)), JSON, bodies.broken(json), 0);
    }
    if (kind < 75) {
      return spoiledGeneration(chance, bodies);
    }
    if (kind < 83) {
      return form(chance, bodies);
    }
    if (kind < 86) {
      return cutShort(chance, bodies);
    }
    if (kind < 90) {
      String type = "Content-Type: " + chance.of(ODD_TYPES);
      return post(SAMPLES, type, bodies.json(bodies.samples(1)), 0);
    }
    String method = chance.of(METHODS);
    return new FuzzRequest(
        method,
        chance.of(TARGETS),
        List.of("Accept: " + chance.of(chance.is(0.5) ? ACCEPTED : ODD_ACCEPTED)),
        chance.is(0.2) ? bodies.json(Map.of()) : "",
        0,
        false);
  }

  private FuzzRequest drawable(Chance chance, FuzzBodies bodies) {
    if (chance.is(0.01)) {
      return new FuzzRequest(
          "POST", GENERATIONS, List.of(JSON), bodies.json(bodies.generation()), 0, true);
    }
    int images = 1 + chance.below(2);
    String accept = images == 1 && chance.is(0.3) ? "image/png" : chance.of(ACCEPTED);
    return new FuzzRequest(
        "POST",
        SAMPLES,
        List.of(JSON, "Accept: " + accept),
        bodies.json(bodies.samples(images)),
        0,
        true);
  }

  private FuzzRequest spoiled(Chance chance, FuzzBodies bodies) {
    Map<String, String> members = bodies.samples(1 + chance.below(2));
    for (int i = chance.is(0.7) ? 1 : 1 + chance.below(5); i > 0; i--) {
      bodies.spoil(members, true);
    }
    List<String> headers = new ArrayList<>(List.of(JSON));
    headers.add("Accept: " + chance.of(chance.is(0.9) ? ACCEPTED : ODD_ACCEPTED));
    return new FuzzRequest("POST", SAMPLES, headers, bodies.json(members), 0, false);
  }

  /** Never one that the server would draw with all its steps, as far as this program can help. */
  private FuzzRequest spoiledGeneration(Chance chance, FuzzBodies bodies) {
    Map<String, String> members = bodies.generation();
    members.put("n", "0");
    bodies.spoil(members, false);
    if (chance.is(0.3)) {
      bodies.spoil(members, false);
    }
    return post(GENERATIONS, JSON, bodies.json(members), 0);
  }

  private FuzzRequest form(Chance chance, FuzzBodies bodies) {
    String json = bodies.json(bodies.samples(1));
    String form = bodies.form(BOUNDARY, chance.is(0.8) ? json : bodies.broken(json));
    return post(SAMPLES, FORM, chance.is(0.8) ? form : bodies.broken(form), 0);
  }

  private FuzzRequest cutShort(Chance chance, FuzzBodies bodies) {
    String json = bodies.json(bodies.samples(1));
    // With the larger number the server can refuse before it reads.
    long missing = chance.is(0.8) ? 1 + chance.below(1000) : 1L << 40;
    return post(SAMPLES, chance.is(0.7) ? JSON : FORM, json, missing);
  }

  private static FuzzRequest post(String target, String type, String body, long missing) {
    return new FuzzRequest("POST", target, List.of(type), body, missing, false);
  }
}
