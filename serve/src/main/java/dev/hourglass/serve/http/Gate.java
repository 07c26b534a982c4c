package dev.hourglass.serve.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** Who may ask: clients with a key, and pages of this server alone. */
final class Gate {

  private final ApiKeys keys;
  private final boolean loopbackOnly;

  /**
   * @param loopbackOnly whether the server listens to this machine alone
   */
  Gate(ApiKeys keys, boolean loopbackOnly) {
    this.keys = keys;
    this.loopbackOnly = loopbackOnly;
  }

  /** Refuses what a web page of another site makes a browser of this machine ask for. */
  void requireOwnPage(RoutingContext route) {
    HttpServerRequest request = route.request();
    String origin = request.getHeader("Origin");
    if (request.authority() == null) {
      Answers.problem(route.response(), 400, "The request has no Host header; send one.");
    } else if (loopbackOnly && !LocalAddress.isLoopback(request.authority().host())) {
      Answers.problem(
          route.response(),
          403,
          "This server answers to localhost only, not to the name in the Host header.");
    } else if (origin != null && !isOwn(origin, request)) {
      Answers.problem(
          route.response(), 403, "Pages of other sites may not use this server from a browser.");
    } else {
      route.next();
    }
  }

  private static boolean isOwn(String origin, HttpServerRequest request) {
    try {
      return request.authority().toString().equals(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  void requireKey(RoutingContext route) {
    if (keys.accept(route.request().getHeader("Authorization"))) {
      route.next();
      return;
    }
    route.response().putHeader("WWW-Authenticate", "Bearer");
    Answers.problem(
        route.response(),
        401,
        "This server asks for a key; send one of its keys as Authorization: Bearer KEY.");
  }
}
