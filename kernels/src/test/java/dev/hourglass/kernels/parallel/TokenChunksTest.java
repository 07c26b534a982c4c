package dev.hourglass.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
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

  @Property
  void aChunkKnowsItsGroup(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 3000) int tokens) {
    TokenChunks chunks = new TokenChunks(images, tokens, 256);
    for (int group = 0; group < chunks.groups(); group++) {
      for (int i = chunks.groupStart(group); i < chunks.groupStart(group + 1); i++) {
        assertThat(chunks.group(chunks.chunk(i))).isEqualTo(group);
      }
    }
  }

  @Property(tries = 50)
  void aGroupsChunksComeInOrderAndEveryChunkOnce(
      @ForAll @IntRange(min = 1, max = 40) int images,
      @ForAll @IntRange(min = 1, max = 3000) int tokens) {
    TokenChunks chunks = new TokenChunks(images, tokens, 256);
    int[] next = IntStream.range(0, chunks.groups()).map(chunks::groupStart).toArray();
    chunks.eachInGroups(
        (chunk, scratch) -> assertThat(chunk.index()).isEqualTo(next[chunks.group(chunk)]++));
    AtomicIntegerArray done = new AtomicIntegerArray(chunks.count());
    chunks.each((chunk, scratch) -> done.incrementAndGet(chunk.index()));
    for (int i = 0; i < chunks.count(); i++) {
      assertThat(done.get(i)).isEqualTo(1);
    }
    for (int group = 0; group < chunks.groups(); group++) {
      assertThat(next[group]).isEqualTo(chunks.groupStart(group + 1));
    }
  }
}
