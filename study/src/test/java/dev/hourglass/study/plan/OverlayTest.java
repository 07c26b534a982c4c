package dev.hourglass.study.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.json.JsonText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayTest {

  /** The examples of RFC 7396, appendix A, whose patches are objects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"} | {\"a\":null} | {}",
        "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
        "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
        "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
        "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
        "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}"
      })
  void patchesAreMergedAsTheStandardSays(String base, String patch, String merged) {
    assertThat(Overlay.merge(JsonText.parseObject(base), JsonText.parseObject(patch)))
        .isEqualTo(JsonText.parseObject(merged));
  }

  @Test
  void whatIsMergedStaysAsItWas() {
    var base = JsonText.parseObject("{\"a\":{\"b\":1}}");
    var patch = JsonText.parseObject("{\"a\":{\"c\":2}}");
    Overlay.merge(base, patch);
    assertThat(base).isEqualTo(JsonText.parseObject("{\"a\":{\"b\":1}}"));
    assertThat(patch).isEqualTo(JsonText.parseObject("{\"a\":{\"c\":2}}"));
  }
}
