package dev.hourglass.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DrawRequestTest {

  private static JsonNode json(DrawRequest request) {
    return new JsonMapper().readTree(Answers.write(request));
  }

  @Test
  void whatIsNotSetIsLeftToTheServer() {
    assertThat(DrawRequest.ofDefaultModel().members()).isEmpty();
    assertThat(json(DrawRequest.of("emoji")))
        .isEqualTo(new JsonMapper().readTree("{\"model\":\"emoji\"}"));
  }

  @Test
  void changingARequestLeavesTheOldOneAsItWas() {
    DrawRequest request = DrawRequest.of("emoji").withSteps(20);
    assertThat(request.withSteps(30).members()).containsEntry("steps", 30);
    assertThat(request.members()).containsEntry("steps", 20);
  }

  @Test
  void theMembersAreThoseOfTheApi() {
    DrawRequest all =
        DrawRequest.of("emoji")
            .withClassNumber(1, 2)
            .withImages(3)
            .withFirstIndex(4)
            .withSeed(5)
            .withSampler("euler", "eta=0.5")
            .withSchedule("karras")
            .withSteps(6)
            .withSigmas(List.of(8.0, 0.5))
            .withGuidance(2)
            .withGuidanceInterval(0.1, 5)
            .withGuide("weak")
            .withSize(32, 64)
            .withVector(List.of(0.25))
            .editing(new byte[] {1, 2, 3})
            .withStrength(0.5)
            .withMask(new byte[] {4})
            .withUpscale(2)
            .colorizing()
            .withResample(3)
            .withPreviews(0)
            .withDeadline(60);
    assertThat(json(all))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"model":"emoji","class":[1,2],"n":3,"first_index":4,"seed":5,
                     "sampler":"euler","sampler_options":"eta=0.5","schedule":"karras","steps":6,
                     "sigmas":[8.0,0.5],"guidance":2.0,"guidance_interval":[0.1,5.0],
                     "guide":"weak","size":"32x64","vector":[0.25],"init_image":"AQID",
                     "strength":0.5,"mask":"BA==","upscale":2,"colorize":true,"resample":3,
                     "previews":0,"deadline":60}
                    """));
  }

  @Test
  void severalImagesAreAList() {
    assertThat(DrawRequest.ofDefaultModel().editing(new byte[] {1, 2, 3}, new byte[] {4}).members())
        .isEqualTo(Map.of("init_image", List.of("AQID", "BA==")));
  }

  @Test
  void framesAreImages() {
    assertThat(DrawRequest.ofDefaultModel().interpolating(1, 2, 16).members())
        .isEqualTo(Map.of("interpolate", List.of(1L, 2L), "n", 16));
  }

  @Property
  void everySeedIsWrittenToItsLastDigit(@ForAll @LongRange(min = 0, max = 1L << 53) long seed) {
    assertThat(json(DrawRequest.ofDefaultModel().withSeed(seed)).get("seed").longValue())
        .isEqualTo(seed);
  }
}
