package dev.hourglass.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class TokenChunksTest {

  @Property
  void everyRowIsInExactlyOneChunkAndChunksFollowOneAnother(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 3000) int tokens,
      @ForAll @IntRange(min = 1, max = 5000) int widest) {
    TokenChunks chunks = new TokenChunks(images, tokens, widest);
    int next = 0;
    for (int i = 0; i < chunks.count(); i++) {
      Chunk chunk = chunks.chunk(i);
      assertThat(chunk.firstRow()).isEqualTo(next);
      assertThat(chunk.firstRow()).isEqualTo(chunk.firstImage() * tokens + chunk.firstToken());
      assertThat(chunk.rows()).isPositive();
      next += chunk.rows();
    }
    assertThat(next).isEqualTo(images * tokens);
  }

  @Property
  void aChunkHoldsAPartOfOneImageOrWholeImages(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 3000) int tokens) {
    TokenChunks chunks = new TokenChunks(images, tokens, 256);
    for (int i = 0; i < chunks.count(); i++) {
      Chunk chunk = chunks.chunk(i);
      assertThat(chunk.imageCount() == 1 || chunk.rowsEach() == tokens).isTrue();
      assertThat(chunk.part()).isLessThan(chunks.parts());
    }
  }

  @Property
  void paddedChunksBeginAtEvenRowsAndDoNotOverlap(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 3000) int tokens) {
    TokenChunks chunks = new TokenChunks(images, tokens, 256);
    int next = 0;
    for (int i = 0; i < chunks.count(); i++) {
      Chunk chunk = chunks.chunk(i);
      assertThat(chunk.padded()).isEqualTo(next).isEven();
      assertThat(chunk.rows()).isLessThanOrEqualTo(chunks.mostRows());
      next += chunks.mostRows();
    }
    assertThat(chunks.paddedRows()).isEqualTo(next);
  }
}
