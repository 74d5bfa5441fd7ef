package io.harveymq.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/**
 * Every page, and whatever opens on it, with names that are hard to show: all text can be read, in
 * light and in dark, pointed at and not, nothing is wider than the window nor cut off in it, and
 * the keyboard is enough.
 */
@Timeout(600)
class PageProofTest extends PageTest {
  private static final List<Integer> WIDTHS = List.of(390, 768, 1024, 1280, 1440, 1600);

  /** The least widths of a phone's, a tablet's and a desk's layout. */
  private static final List<Integer> NARROWEST = List.of(390, 768, 1280);

  /** Roles of which a screen reader says the name. */
  private static final Set<String> NAMED =
      Set.of(
          "button",
          "link",
          "textbox",
          "searchbox",
          "combobox",
          "checkbox",
          "spinbutton",
          "menuitem",
          "menuitemcheckbox",
          "dialog",
          "navigation",
          "image");

  private static PageScene scene;
  private final Set<String> found = new TreeSet<>();

  @BeforeAll
  static void begin() throws Exception {
    scene = new PageScene();
  }

  @AfterAll
  static void end() {
    if (scene != null) {
      scene.close();
    }
  }

  @BeforeEach
  void logIn() {
    expectComplaint("amq.mine"); // which is refused
    expectComplaint("/no.long."); // which there is not
    expectComplaint("/story?vhost="); // of what was published before recording began anew
    page = new Page(Browser.driver(), scene.broker.uri());
    page.enter("#/more");
  }

  @SuppressWarnings("unchecked")
  private void judge(PageScene.Stop stop, String condition, String audit) {
    for (String flaw : (List<String>) page.script(audit)) {
      found.add(stop + ", " + condition + ": " + flaw);
    }
  }

  @Test
  void everythingCanBeSeenFitsEveryWindowHasANameAndIsReachedByTab() {
    noteListeners();
    for (PageScene.Stop stop : scene.stops()) {
      scene.show(page, stop);
      seen(stop);
      judge(stop, "tables", PageAudit.TABLES);
      judge(stop, "clicks", PageAudit.POINTER_ONLY);
      nameless(stop);
      for (int width : WIDTHS) {
        page.width(width, 860);
        fits(stop, width);
      }
      page.width(1440, 900);
      if (!stop.name().equals("jump")) {
        tab(stop);
      }
    }
    assertThat(found).isEmpty();
  }

  private void seen(PageScene.Stop stop) {
    for (String theme : List.of("dark", "light")) {
      page.script("document.documentElement.dataset.theme = arguments[0]", theme);
      judge(stop, theme, PageAudit.CONTRAST);
      judge(stop, theme, PageAudit.EDGES);
      page.script(PageAudit.POINT_AT_ALL, true);
      judge(stop, theme + ", pointed at", PageAudit.CONTRAST);
      page.script(PageAudit.POINT_AT_ALL, false);
    }
  }

  private void fits(PageScene.Stop stop, int width) {
    if (page.contentWidth() > width) {
      found.add(stop + ", " + width + " px: " + page.contentWidth() + " wide");
    }
    judge(stop, width + " px", PageAudit.SMALL);
    if (NARROWEST.contains(width)) {
      judge(stop, width + " px", PageAudit.CUT_OFF);
    }
    if (width == 390) {
      judge(stop, "phone", PageAudit.SMALL_TARGETS);
      judge(stop, "phone", BOTTOM_BAR);
      judge(stop, "phone", PageAudit.SQUEEZED);
    }
  }

  /** Five entries at the lower edge of the window, as wide as it. */
  private static final String BOTTOM_BAR =
      """
      const bar = document.querySelector(".tabbar");
      const box = bar.getBoundingClientRect();
      const is = [bar.querySelectorAll("a").length, box.left, box.width, box.bottom];
      return String(is) === String([5, 0, innerWidth, innerHeight]) ? [] : ["bottom bar " + is];
      """;

  /** Of whatever is loaded from now on. */
  private void noteListeners() {
    Map<String, Object> script =
        page.driver()
            .executeCdpCommand(
                "Page.addScriptToEvaluateOnNewDocument", Map.of("source", PageAudit.LISTENED));
    page.reload("#/more");
    page.driver().executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", script);
    page.await("listeners that are noted", d -> page.script("return window.listened.size > 0"));
  }

  @SuppressWarnings("unchecked")
  private void nameless(PageScene.Stop stop) {
    Map<String, Object> tree =
        page.driver().executeCdpCommand("Accessibility.getFullAXTree", Map.of());
    for (Map<String, Object> node : (List<Map<String, Object>>) tree.get("nodes")) {
      boolean ignored = Boolean.TRUE.equals(node.get("ignored"));
      String role = text(node.get("role"));
      if (!ignored && NAMED.contains(role) && text(node.get("name")).isBlank()) {
        found.add(stop + ", no name: " + role + " " + node.get("properties"));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static String text(Object value) {
    return value == null ? "" : String.valueOf(((Map<String, Object>) value).get("value"));
  }

  /** Rows that are sorted anew meanwhile are passed over. */
  private void freeze(boolean on) {
    page.script(
        "return import(document.querySelector(\"script[src$='js/first.js']\").src).then(m => m.freeze(arguments[0]))",
        on);
  }

  private void tab(PageScene.Stop stop) {
    freeze(true);
    page.press(Keys.ARROW_RIGHT); // the focus shows from now on, wherever it goes
    long reached = (Long) page.script(PageAudit.BEGIN_TABBING);
    Actions keys = new Actions(page.driver());
    for (long i = 0; i < reached + 15; i++) {
      keys.sendKeys(Keys.TAB);
    }
    keys.perform();
    judge(stop, "Tab", PageAudit.TABBED_BADLY);
    freeze(false);
  }
}
