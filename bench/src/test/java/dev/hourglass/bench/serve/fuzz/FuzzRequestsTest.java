package dev.hourglass.bench.serve.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FuzzRequestsTest {

  private static final FuzzTarget TARGET =
      new FuzzTarget("emoji", 8, 8, List.of("Food", "Tom & \"Jerry\""), List.of("euler"));
  private static final long MANY = 3000;

  private static List<FuzzRequest> many(long seed) {
    FuzzRequests requests = new FuzzRequests(seed, TARGET);
    return LongStream.range(0, MANY).mapToObj(requests::request).toList();
  }

  @Property(tries = 200)
  void aRequestIsAFunctionOfSeedAndNumber(
      @ForAll long seed, @ForAll @LongRange(min = 0) long number) {
    assertThat(new FuzzRequests(seed, TARGET).request(number).wire("host", ""))
        .isEqualTo(new FuzzRequests(seed, TARGET).request(number).wire("host", ""));
  }

  @Test
  void otherSeedsGiveOtherRequests() {
    assertThat(many(1)).isNotEqualTo(many(2));
  }

  @Test
  void rightRequestsAreWellFormedAndOfLittleWork() {
    List<FuzzRequest> right =
        many(3).stream()
            .filter(FuzzRequest::drawable)
            .filter(request -> request.target().equals("/v1/samples"))
            .toList();
    assertThat(right).hasSizeGreaterThan((int) MANY / 10);
    assertThat(right)
        .allSatisfy(
            request -> {
              JsonNode body = new JsonMapper().readTree(request.body());
              assertThat(body.path("steps").intValue()).isBetween(1, 2);
              assertThat(body.path("n").intValue()).isBetween(1, 2);
            });
  }

  @Test
  void allRoutesMethodsAndKindsOfBodiesComeUp() {
    List<FuzzRequest> requests = many(4);
    Set<String> methods = requests.stream().map(FuzzRequest::method).collect(Collectors.toSet());
    assertThat(methods)
        .contains("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW");
    assertThat(requests.stream().map(FuzzRequest::target))
        .contains("/", "/v1/models", "/v1/images/generations", "/metrics", "/page/page.js");
    assertThat(requests).anyMatch(FuzzRequest::broken);
    assertThat(requests).anyMatch(request -> request.body().contains("[[[[[[[[[[[[[[[["));
    assertThat(requests).anyMatch(request -> request.body().contains("filename="));
    assertThat(requests)
        .anyMatch(request -> request.headers().toString().contains("charset=klingon"));
  }

  @Test
  void theHeadPromisesAsManyBytesAsComeAndAreMissing() {
    FuzzRequest request = new FuzzRequest("POST", "/x", List.of("A: b"), "12345", 10, false);
    assertThat(request.wire("host:1", "K: v\r\n"))
        .isEqualTo(
            "POST /x HTTP/1.1\r\nHost: host:1\r\nK: v\r\nA: b\r\nContent-Length: 15\r\n\r\n12345");
  }

  @Test
  void brokenImagesAreOfManyKindsAndAGiantsHeadIsRight() {
    Set<String> images =
        LongStream.range(0, 200)
            .mapToObj(number -> OddImages.odd(new Chance(5, number), TARGET))
            .collect(Collectors.toSet());
    assertThat(images).hasSizeGreaterThan(50).contains("", OddImages.png(8, 8));
    assertThat(images).anyMatch(image -> image.contains("IHDR\0\0\u00f0\0\0\0\u00f0\0"));
  }
}
