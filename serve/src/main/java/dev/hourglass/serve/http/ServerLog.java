package dev.hourglass.serve.http;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** What the owner of the server should know, and its clients need not. */
final class ServerLog {

  private static final Logger LOG = System.getLogger("hourglass.serve");

  private ServerLog() {}

  static void failure(Throwable failure) {
    LOG.log(Level.ERROR, "A request has failed by a fault of the server.", failure);
  }
}
