package dev.hourglass.kernels.attention.neighborhood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShapeTest {

  @Property
  void theQueriesOfAKeyAreThoseWhoseWindowHasIt(
      @ForAll @IntRange(min = 0, max = 8) int half, @ForAll @IntRange(max = 40) int more) {
    var axis = new Axis(2 * half + 1 + more, 2 * half + 1);
    for (int key = 0; key < axis.length(); key++) {
      int searched = key;
      int[] queries =
          IntStream.range(0, axis.length())
              .filter(query -> axis.start(query) <= searched && searched < axis.end(query))
              .toArray();
      assertThat(queries)
          .containsExactly(IntStream.range(axis.firstQuery(key), axis.endQuery(key)).toArray());
    }
  }

  @Property
  void bandsCoverTheRowsAndThoseOfAPhaseShareNoKey(
      @ForAll @IntRange(min = 1, max = 20) int planes,
      @ForAll @IntRange(min = 0, max = 8) int half,
      @ForAll @IntRange(max = 300) int more) {
    int kernel = 2 * half + 1;
    int rows = kernel + more;
    var shape = new Shape(planes, 1, rows, kernel, 8, kernel);
    assertThat(shape.firstRow(0)).isZero();
    assertThat(shape.endRow(shape.bands() - 1)).isEqualTo(rows);
    for (int band = 0; band + 2 < shape.bands(); band++) {
      assertThat(shape.rows.end(shape.endRow(band) - 1))
          .isLessThanOrEqualTo(shape.rows.start(shape.firstRow(band + 2)));
    }
  }

  @Property
  void everyKeyIsFreshInOneBand(
      @ForAll @IntRange(min = 1, max = 20) int planes,
      @ForAll @IntRange(min = 0, max = 8) int half,
      @ForAll @IntRange(max = 300) int more) {
    int kernel = 2 * half + 1;
    int rows = kernel + more;
    var shape = new Shape(planes, 1, rows, kernel, 8, kernel);
    int[] fresh = new int[rows];
    for (int band = 0; band < shape.bands(); band++) {
      for (int key = shape.firstFreshKey(band); key < shape.endFreshKey(band); key++) {
        fresh[key]++;
      }
    }
    assertThat(fresh).containsOnly(1);
  }

  @Property
  void stripsAndTilesCoverTheColumnsAndEveryKeyIsFreshInOneStrip(
      @ForAll @IntRange(min = 0, max = 8) int half,
      @ForAll @IntRange(max = 300) int more,
      @ForAll @IntRange(min = 1, max = 16) int eighths) {
    int kernel = 2 * half + 1;
    int columns = kernel + more;
    var shape = new Shape(1, 1, kernel, columns, 8 * eighths, kernel);
    int query = 0;
    int key = 0;
    for (Strip strip : shape.strips) {
      assertThat(strip.freshKey).isEqualTo(key).isGreaterThanOrEqualTo(strip.firstKey);
      key = strip.endKey;
      for (Tile tile : strip.tiles) {
        assertThat(tile.column).isEqualTo(query);
        assertThat(tile.lanes).isPositive();
        query += tile.lanes;
      }
    }
    assertThat(query).isEqualTo(columns);
    assertThat(key).isEqualTo(columns);
  }
}
