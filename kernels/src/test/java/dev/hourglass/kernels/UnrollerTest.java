package dev.hourglass.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnrollerTest {

  private static final Path SOURCES = Path.of("src/main/java");

  /** With {@code -Dhourglass.unroll=true} the files are written instead of compared. */
  private static final boolean WRITE = Boolean.getBoolean("hourglass.unroll");

  static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".template")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void aTemplateGivesTheFileBesideIt(Path template) throws IOException {
    String name = template.getFileName().toString();
    String expected = Unroller.unroll(Files.readString(template), name);
    Path file = template.resolveSibling(name.replace(".template", ".java"));
    if (WRITE) {
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file))
        .as("%s is not what its template says; run this test with -Dhourglass.unroll=true", file)
        .isEqualTo(expected);
  }

  @Test
  void theDirectivesRepeatNumberAndChoose() {
    String template =
        """
        class Sums {
        [define twice]
        a();
        a();
        [end]
          [twice]
        [tiles 2x2 1x1]
          void tile{rows}x{columns}(long p{one:, Mask mask}) {
            [rows > 1] long row = stride;
            [rows = 1] long row = 0;
            [r, c] float a{r}{c} = get(p{+r row}{+c BYTES}{one:, mask});
            [r] {
              float w = get(p{+r 4});
              [c] a{r}{c} = w;
            }
          }
        [end]
        }
        """;
    assertThat(Unroller.unroll(template, "Sums.template"))
        .isEqualTo(
            """
            // Written by Unroller from Sums.template: change that, not this.
            class Sums {
              a();
              a();
              void tile2x2(long p) {
                long row = stride;
                float a00 = get(p);
                float a01 = get(p + BYTES);
                float a10 = get(p + row);
                float a11 = get(p + row + BYTES);
                {
                  float w = get(p);
                  a00 = w;
                  a01 = w;
                }
                {
                  float w = get(p + 4);
                  a10 = w;
                  a11 = w;
                }
              }

              void tile1x1(long p, Mask mask) {
                long row = 0;
                float a00 = get(p, mask);
                {
                  float w = get(p);
                  a00 = w;
                }
              }
            }
            """);
  }
}
