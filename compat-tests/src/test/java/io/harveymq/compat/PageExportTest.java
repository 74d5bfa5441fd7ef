package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;

/** Messages of a queue that are saved before they are lost. */
class PageExportTest extends PageTest {
  private static final By DIALOG = By.cssSelector("dialog[open]");

  @Test
  void anExportOfAQueueThatIsConsumedMeanwhileLeavesNothingOut() throws Exception {
    String queue = newQueue();
    String large = "x".repeat(100_000);
    fill(queue, IntStream.range(0, 900).mapToObj(i -> "m" + i).toArray(String[]::new));
    channel.basicPublish(
        "",
        queue,
        properties().headers(Map.of("large", 9_007_199_254_740_993L, "small", (byte) 1)).build(),
        bytes(large));
    page.enter("#/queues/%2F/" + queue);
    page.awaitText("901");
    page.act("Purge queue\u2026");
    page.awaitText(DIALOG, "901 ready messages are lost.");
    page.script(
        "const ask = fetch; let taken = false; window.fetch = async (url, how) => {"
            + " if (!taken && /state=ready&offset=[1-9]/.test(url)) { taken = true;"
            + " await ask('api/queues/%2F/' + arguments[0] + '/get', { method: 'POST',"
            + " headers: how.headers, body: JSON.stringify({ count: 300, encoding: 'auto',"
            + " ackmode: 'ack_requeue_false' }) }); } return ask(url, how); };",
        queue);
    page.click(Page.button("Export the messages first"));
    File saved = Browser.downloads().resolve(queue + ".messages.json").toFile();
    page.await("the file", d -> saved.exists());
    String text = Files.readString(saved.toPath());
    assertThat(saved.delete()).isTrue();
    List<String> expected =
        new ArrayList<>(IntStream.range(0, 900).mapToObj(i -> "m" + i).toList());
    expected.add(large);
    assertThat(HttpAnswer.column(new ObjectMapper().readTree(text), "payload")).isEqualTo(expected);
    assertThat(text).contains("9007199254740993", "\"header_types\"");
    assertThat(ready(queue)).isEqualTo(601);
    page.click(By.cssSelector("dialog[open] .keep"));
  }
}
