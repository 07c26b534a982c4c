package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigDifferencesTest {

  @Test
  void equalConfigsDoNotDiffer() {
    assertThat(TestConfigs.parse().differences(TestConfigs.parse())).isEmpty();
  }

  @Test
  void differencesNamePathAndBothValuesInTheOrderOfTheFile() {
    Config other =
        TestConfigs.parse(
            "model.widths", "[128, 512]",
            "model.self_attns",
                "[{\"type\": \"neighborhood\", \"kernel_size\": 5}, {\"type\": \"none\"}]",
            "model.sigma_max", "160",
            "dataset.location", "\"cats\"",
            "lr_sched", "{\"type\": \"inverse\", \"inv_gamma\": 1000}");
    assertThat(TestConfigs.parse().differences(other))
        .containsExactly(
            "model.widths: [128, 256] here, [128, 512] there",
            "model.d_ffs: [384, 768] here, [384, 1536] there",
            "model.self_attns[0].kernel_size: 7 here, 5 there",
            "model.self_attns[1].type: \"global\" here, \"none\" there",
            "model.self_attns[1].d_head: 64 here, nothing there",
            "model.sigma_max: 80.0 here, 160.0 there",
            "dataset.location: nothing here, \"cats\" there",
            "lr_sched.type: \"constant\" here, \"inverse\" there",
            "lr_sched.inv_gamma: nothing here, 1000.0 there",
            "lr_sched.power: nothing here, 1.0 there");
  }

  @Test
  void anotherNumberOfLevelsIsShownWhole() {
    Config other = TestConfigs.parse("model.widths", "[128]", "model.depths", "[2]");
    assertThat(TestConfigs.parse().differences(other))
        .contains(
            "model.depths: [2, 4] here, [2] there",
            "model.self_attns: [{\"type\": \"neighborhood\", \"d_head\": 64, \"kernel_size\": 7},"
                + " {\"type\": \"global\", \"d_head\": 64}] here, [{\"type\": \"global\","
                + " \"d_head\": 64}] there");
  }
}
