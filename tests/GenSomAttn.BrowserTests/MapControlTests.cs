using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>The map and its layers by mouse, by touch and by keyboard; the view in the address.</summary>
public sealed class MapControlTests : PageTests
{
    [Test]
    public async Task Map_ByMouse_ZoomsPansAndPins()
    {
        double fitted = await ScaleAsync();
        await HoverUnitAsync(3, 4);
        await Page.Mouse.WheelAsync(0, -400);
        await WaitAsync("atlas.view.scale > " + Text(1.5 * fitted));
        double column = await Opened.RunAsync<double>("() => atlas.view.column");
        (float x, float y) = await UnitAsync(3, 4);
        await Page.Mouse.MoveAsync(x, y);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(x + 60, y + 20, new() { Steps = 5 });
        await Page.Mouse.UpAsync();
        await WaitAsync("atlas.view.column < " + Text(column - 0.2));
        await Page.ClickAsync("#zoom-all");
        await WaitAsync($"Math.abs(atlas.view.scale - {Text(fitted)}) < 1e-6");
        await ClickUnitAsync(3, 4);
        Assert.That(await PointAsync(), Is.EqualTo(new[] { 3.0, 4 }));
        Assert.That(await Page.TextContentAsync("#panel-point h2"), Is.EqualTo("Unit 3,4"));

        // The pinned point is dragged to between the units.
        (x, y) = await UnitAsync(3, 4);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(x + (float)(0.5 * fitted), y, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
        Assert.That((await PointAsync())[1], Is.EqualTo(4.5).Within(0.05));
        Assert.That(await Page.TextContentAsync("#panel-point h2"), Does.StartWith("Point 3.0"));

        await Page.ClickAsync("#zoom-in");
        await WaitAsync("atlas.view.scale > " + Text(1.2 * fitted));
        await Page.ClickAsync("#zoom-out");
        await Page.Mouse.DblClickAsync(x, y);
        await WaitAsync("atlas.view.scale > " + Text(1.5 * fitted));
    }

    [Test]
    public async Task Map_ByKeys_ZoomsPansPinsAndSelects()
    {
        double fitted = await ScaleAsync();
        await Page.FocusAsync("#map");
        await PressAsync("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight");
        Assert.That(await PointAsync(), Is.EqualTo(new[] { 1, 1.1 }).Within(1e-9));
        await WaitAsync("document.getElementById('status').textContent.startsWith('Row 1, column 1.1')");
        await PressAsync("s");
        Assert.That(await Opened.RunAsync<int[]>("() => [...atlas.state.selected]"), Is.EqualTo(new[] { 13 }));
        await PressAsync("Escape", "p");
        Assert.That(await Opened.RunAsync<int>("() => atlas.state.selected.size + 10 * atlas.state.path.length"), Is.EqualTo(10));
        await PressAsync("+", "+");
        await WaitAsync("atlas.view.scale > " + Text(1.5 * fitted));
        double column = await Opened.RunAsync<double>("() => atlas.view.column");
        await PressAsync("l");
        Assert.That(await Opened.RunAsync<double>("() => atlas.view.column"), Is.GreaterThan(column));
        await PressAsync("-", "0");
        Assert.That(await ScaleAsync(), Is.EqualTo(fitted).Within(1e-6));
    }

    [Test]
    public async Task Map_ByPinch_Zooms()
    {
        double fitted = await ScaleAsync();
        await Opened.RunAsync<object>(
            """
            () => {
                const map = document.getElementById("map");
                map.setPointerCapture = () => {};
                const send = (type, pointerId, clientX) => map.dispatchEvent(new PointerEvent(
                    type, { pointerId, clientX, clientY: 400, pointerType: "touch", bubbles: true }));
                send("pointerdown", 1, 400);
                send("pointerdown", 2, 500);
                send("pointermove", 1, 350);
                send("pointermove", 2, 550);
                send("pointerup", 1, 350);
                send("pointerup", 2, 550);
            }
            """);

        Assert.That(await ScaleAsync(), Is.EqualTo(2 * fitted).Within(0.01 * fitted));
        Assert.That(await Opened.RunAsync<bool>("() => atlas.state.point === null"), "a pinch is no click");
    }

    [Test]
    public async Task Layers_ByKeyboard_EachHasItsLegend()
    {
        string[] layers = await Opened.RunAsync<string[]>("() => [...document.querySelectorAll('#layer option')].map(o => o.value)");
        Assert.That(layers, Is.SupersetOf(new[]
        {
            "none", "umatrix", "hits", "classes", "purity", "quantization", "mse_q", "mse_e", "nearest", "component",
        }));
        string before = await PictureAsync();
        foreach (string layer in layers.Except(["none", "mine"]))
        {
            await Page.FocusAsync("#layer");
            await Page.SelectOptionAsync("#layer", layer);
            await WaitAsync($"atlas.state.layer === '{layer}'");
            string legend = (await Page.InnerTextAsync("#legend")).Trim();
            Assert.That(legend, layer == "classes" ? Does.Contain("Ankle boot") : Does.Match(@"\d"), layer);
            string picture = await PictureAsync();
            Assert.That(picture, Is.Not.EqualTo(before), layer);
            before = picture;
        }

        await Page.FillAsync("#component", "5");
        Assert.That(await PictureAsync(), Is.Not.EqualTo(before));
        Assert.That(await Opened.RunAsync<int>("() => atlas.state.component"), Is.EqualTo(5));
        before = await PictureAsync();
        await Page.FocusAsync("#arrows");
        await PressAsync("Space");
        string withArrows = await PictureAsync();
        Assert.That(withArrows, Is.Not.EqualTo(before));
        await Page.ClickAsync("#inset");
        Assert.That(await PictureAsync(), Is.Not.EqualTo(withArrows));
    }

    [Test]
    public async Task Tabs_ByArrowKeys_OpenEveryPanel()
    {
        await Page.FocusAsync("#tab-point");
        List<string?> opened = [];
        for (int i = 0; i < 6; i++)
        {
            opened.Add(await Opened.RunAsync<string>("() => document.querySelector('[role=tabpanel]:not([hidden])').id"));
            await PressAsync("ArrowRight");
        }

        Assert.That(opened, Is.EqualTo(new[] { "panel-point", "panel-generate", "panel-path", "panel-own", "panel-share", "panel-run" }));
        Assert.That(await Opened.RunAsync<string>("() => document.activeElement.id"), Is.EqualTo("tab-point"));
        await Page.ClickAsync("#tab-run");
        Assert.That(await Opened.RunAsync<bool>("() => document.querySelector('img.curves').naturalWidth > 0"));
    }

    [Test]
    public async Task View_InTheAddress_ComesBack()
    {
        await ClickUnitAsync(4, 7);
        await Page.SelectOptionAsync("#layer", "hits");
        await Page.ClickAsync("#zoom-in");
        await Page.ClickAsync("#tab-share");
        await WaitAsync("location.hash.includes('tab=share')");
        string link = await Page.InputValueAsync("#panel-share textarea");
        Assert.That(link, Does.Contain("point=4,7").And.Contain("layer=hits").And.Contain("view="));

        await using OpenPage again = await SharedMap.Browser.OpenAsync(SharedMap.Map.File, link.Split('#')[1]);
        Assert.That(await again.RunAsync<double[]>("() => atlas.state.point"), Is.EqualTo(new[] { 4.0, 7 }));
        Assert.That(await again.RunAsync<string>("() => atlas.state.layer"), Is.EqualTo("hits"));
        Assert.That(await again.RunAsync<double>("() => atlas.view.scale"), Is.EqualTo(await ScaleAsync()).Within(0.1));
        again.AssertQuiet();

        await using OpenPage embedded = await SharedMap.Browser.OpenAsync(SharedMap.Map.File, "embed&point=4,7");
        Assert.That(await embedded.Page.IsVisibleAsync("#layers"), Is.False);
        Assert.That(await embedded.Page.IsVisibleAsync("aside"), Is.False);
        Assert.That(await embedded.Page.IsVisibleAsync("#map"));
        embedded.AssertQuiet();
    }

    [TestCase("point=99,-4&layer=constructor&view=x,y,z&seed=-1&path=1;2,3,4&number=1e9&tab=__proto__&sampler=toString")]
    [TestCase("%E2%80%AE<script>alert(1)</script>&point=<b>,1")]
    [TestCase("%")]
    public async Task View_OfADamagedAddress_IsTheWholeMap(string fragment)
    {
        await using OpenPage page = await SharedMap.Browser.OpenAsync(SharedMap.Map.File, fragment);
        Assert.That(await page.RunAsync<bool>("() => atlas.state.point === null && atlas.state.layer === 'none'"));
        page.AssertQuiet();
    }

    [Test]
    public async Task Theme_ByItsButton_Changes()
    {
        string before = await Opened.RunAsync<string>("() => getComputedStyle(document.body).backgroundColor");
        await Page.FocusAsync("#theme");
        await PressAsync("Enter");
        Assert.That(await Opened.RunAsync<string>("() => getComputedStyle(document.body).backgroundColor"), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task Controls_All_HaveANameAndAKeyboardFocus()
    {
        foreach (string tab in new[] { "point", "generate", "path", "own", "share", "run" })
        {
            await Page.ClickAsync($"#tab-{tab}");
            string[] nameless = await Opened.RunAsync<string[]>(
                """
                () => [...document.querySelectorAll("button, input, select, textarea, canvas, img, [role]")]
                    .filter(each => each.offsetParent !== null && !["presentation", "status"].includes(each.getAttribute("role")))
                    .filter(each => !each.closest("[aria-hidden=true], [role=img]") || each.matches("[role=img]"))
                    .filter(each => !(each.getAttribute("aria-label") || each.getAttribute("aria-labelledby") || each.alt
                        || each.textContent.trim() || each.labels?.length || each.closest("#legend")))
                    .map(each => each.outerHTML.slice(0, 120))
                """);
            Assert.That(nameless, Is.Empty, tab);
        }
    }
}
