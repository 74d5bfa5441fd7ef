package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** What is in a stream: looked at from any place, searched, exported, and never taken. */
class PageStreamMessagesTest extends PageTest {
  private static final By TABLE = By.cssSelector("table[aria-label=Messages] tbody");
  private static final By FOOT = By.cssSelector(".tfoot");
  private static final By VIEWER = By.cssSelector(".viewer");

  private String stream;

  @BeforeEach
  void declare() throws Exception {
    stream = name("page-stream");
    channel.queueDeclare(stream, true, false, false, Map.of("x-queue-type", "stream"));
    channel.confirmSelect();
  }

  @AfterEach
  void delete() throws Exception {
    channel.queueDelete(stream);
  }

  private void publish(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      Map<String, Object> headers = Map.of("color", i % 10 == 0 ? "red" : "blue");
      channel.basicPublish("", stream, properties().headers(headers).build(), bytes("m" + i + "."));
    }
    channel.waitForConfirmsOrDie(10_000);
  }

  private void enter(String query) {
    page.enter("#/queues/%2F/" + stream + "/messages" + query);
  }

  private static By row(int number) {
    return By.cssSelector("table[aria-label=Messages] tbody tr:nth-child(" + number + ")");
  }

  @Test
  void theNewestAreShownAndOthersOnceTheyAreAskedFor() throws Exception {
    enter("");
    page.awaitText("No message here");
    page.awaitText(By.cssSelector(".code"), "\"x-stream-offset\": \"first\"");
    publish(0, 120);
    page.awaitText(row(1), "m119.");
    page.awaitText(FOOT, "Offset 119\u201370 of 0\u2013119");
    page.click(By.cssSelector("[aria-label='Next page']"));
    page.awaitText(row(1), "m69.");
    page.click(By.cssSelector("[aria-label='Previous page']"));
    page.awaitText(row(1), "m119.");
    page.click(Page.button("Oldest"));
    page.awaitText(row(1), "m0.");
    page.click(By.cssSelector("[aria-label='Next page']"));
    page.awaitText(row(1), "m50.");
    page.await("the place in the address", d -> page.address().contains("from=oldest&on=50"));
    page.reload(page.address());
    page.awaitText(row(1), "m50.");
    page.click(Page.button("Time"));
    page.awaitText(row(1), "m0.");
    assertThat(page.address()).contains("from=time&at=20");
  }

  @Test
  void anOffsetIsGoneToAndTheViewerHasTheWholePayload() throws Exception {
    publish(0, 7);
    channel.basicPublish("", stream, null, ("x".repeat(70_000) + "end").getBytes());
    channel.waitForConfirmsOrDie(10_000);
    enter("");
    page.awaitText(TABLE, "m6.");
    page.click(Page.button("Offset"));
    By offset = By.cssSelector("[aria-label='From offset']");
    page.type(offset, "7");
    page.press(Keys.ENTER);
    page.awaitText(FOOT, "Offset 7 of 0\u20137");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(VIEWER, "x-stream-offset");
    page.click(By.xpath("//button[starts-with(normalize-space(),'Show all')]"));
    page.awaitText(VIEWER, "xend");
    String address = page.address();
    assertThat(address).contains("from=offset&at=7").contains("message=7");
    page.reload(address);
    page.awaitText(VIEWER, "Message 7");
  }

  @Test
  void keysHeadersAndPayloadsAreSearched() throws Exception {
    publish(0, 30);
    enter("");
    By search = By.cssSelector("[aria-label='Search messages']");
    page.awaitText(TABLE, "m29.");
    page.type(search, "red");
    page.awaitText(row(1), "m20.");
    page.awaitText(FOOT, "30 messages looked at");
    assertThat(page.find(TABLE).findElements(By.tagName("tr"))).hasSize(3);
    page.type(search, "nowhere");
    page.awaitText("No message contains \u201cnowhere\u201d");
    page.click(Page.button("Clear the search"));
    page.awaitText(TABLE, "m29.");
  }

  @Test
  void backLeadsToThePageBeforeAndPreviousOneFurther() throws Exception {
    publish(0, 220);
    enter("?from=oldest");
    By next = By.cssSelector("[aria-label='Next page']");
    page.awaitText(row(1), "m0.");
    for (String first : new String[] {"m50.", "m100.", "m150."}) {
      // Changes that follow each other fast have one entry of the history together.
      page.script("dispatchEvent(new HashChangeEvent('hashchange'))");
      page.click(next);
      page.awaitText(row(1), first);
    }
    page.script("history.back()");
    page.awaitText(row(1), "m100.");
    page.click(By.cssSelector("[aria-label='Previous page']"));
    page.awaitText(row(1), "m50.");
  }

  @Test
  void pressingWhatIsPressedChangesNothing() throws Exception {
    publish(0, 3);
    enter("?from=offset&at=1");
    page.awaitText(row(1), "m1.");
    Object entries = page.script("return history.length");
    page.click(Page.button("Offset"));
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.await("the message in the address", d -> page.address().contains("message=1"));
    assertThat(page.address()).contains("from=offset&at=1");
    assertThat(page.script("return history.length")).isEqualTo(entries);
  }

  @Test
  void whatIsPublishedWaitsUntilTheOpenMessageIsClosed() throws Exception {
    publish(0, 3);
    enter("");
    page.awaitText(row(1), "m2.");
    page.click(By.cssSelector("tr.msgrow .linkbtn"));
    page.awaitText(VIEWER, "Message 2");
    new Actions(page.driver()).moveToElement(page.find(By.tagName("h1"))).perform();
    publish(3, 70);
    for (int i = 70; i < 74; i++) {
      page.awaitText(By.tagName("main"), String.valueOf(i));
      publish(i, i + 1);
    }
    page.awaitText(VIEWER, "Message 2");
    page.awaitText(row(1), "m2.");
    page.press(Keys.ESCAPE);
    page.awaitText(row(1), "m73.");
  }

  @Test
  void whatCannotBeDoneWithASingleMessageSaysWhy() throws Exception {
    publish(0, 3);
    enter("");
    page.click(By.cssSelector("tr.msgrow input"));
    String why = "single messages can't be taken out";
    for (String act : new String[] {"Redrive", "Move\u2026", "Delete\u2026"}) {
      assertThat(Page.isOff(page.find(Page.button(act)))).as(act).isTrue();
      assertThat(page.find(Page.button(act)).getAttribute("title")).contains(why);
    }
    page.click(Page.button("Delete\u2026"));
    page.awaitText(By.cssSelector(".toasts"), why);
    assertThat(http.read("/queues/%2F/" + stream).get("messages_ready").intValue()).isEqualTo(3);
  }

  @Test
  void whoDeletesAStreamMayExportItFirst() throws Exception {
    publish(0, 3);
    enter("");
    page.awaitText(TABLE, "m2.");
    page.act("Delete queue\u2026");
    page.click(Page.button("Export the messages first"));
    File saved = Browser.downloads().resolve(stream + ".messages.json").toFile();
    page.await("the file", d -> saved.exists());
    JsonNode messages = new ObjectMapper().readTree(saved);
    assertThat(HttpAnswer.column(messages, "payload")).containsExactly("m0.", "m1.", "m2.");
    assertThat(saved.delete()).isTrue();
    page.click(Page.button("Keep queue"));
  }
}
