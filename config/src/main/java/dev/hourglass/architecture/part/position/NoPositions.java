package dev.hourglass.architecture.part.position;

/** None: only what attention sees, its windows and borders, tells where a token is. */
public record NoPositions() implements Positions {

  @Override
  public String name() {
    return "none";
  }
}
