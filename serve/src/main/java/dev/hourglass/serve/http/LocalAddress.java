package dev.hourglass.serve.http;

import java.util.Set;

/** Names of addresses that no other machine reaches. */
public final class LocalAddress {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private LocalAddress() {}

  public static boolean isLoopback(String host) {
    return LOOPBACK.contains(host);
  }

  /** As it stands in a URL: the other kind of address in brackets. */
  public static String inUrl(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
