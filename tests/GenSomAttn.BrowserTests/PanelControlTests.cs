using System.Text;
using System.Text.Json;
using GenSomAttn.Formats;
using Microsoft.Playwright;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>Every control of the panels by mouse and by keyboard, and the files that they save.</summary>
public sealed class PanelControlTests : PageTests
{
    [Test]
    public async Task Picture_ClickedOrEntered_OpensWithItsPlace()
    {
        await ClickUnitAsync(5, 5);
        await Page.Locator("#panel-point .tile").First.ClickAsync();
        Assert.That(await Page.InnerTextAsync("#picture"), Does.Contain("Distance |v − w|").And.Contain("D(w)"));
        await PressAsync("Escape");
        Assert.That(await Page.IsVisibleAsync("#picture"), Is.False);
        await Page.Locator("#panel-point .tile").Nth(1).FocusAsync();
        await PressAsync("Enter");
        Assert.That(await Page.IsVisibleAsync("#picture"));
        await Page.ClickAsync("#picture button:has-text('Show its unit')");
        Assert.That(await Page.IsVisibleAsync("#picture"), Is.False);
        Assert.That(await PointAsync(), Is.EqualTo(new[] { 5.0, 5 }));
    }

    [Test]
    public async Task Generate_ByFormAndKeys_MakesImagesAndTheCommand()
    {
        await Page.ClickAsync("#tab-generate");
        await Page.SelectOptionAsync("#field-sampler", "isotropic");
        await Page.FillAsync("#field-temperature", "0.3");
        await Page.FillAsync("#field-images", "9");
        await Page.FillAsync("#field-seed", "77");
        await PressAsync("Enter");
        await Page.ClickAsync("#panel-generate button.main");
        Assert.That(await Page.Locator("#panel-generate .tile").CountAsync(), Is.EqualTo(9));
        Assert.That(
            await Page.InputValueAsync("#panel-generate textarea"),
            Is.EqualTo("dotnet run -- generate 1 --sampler isotropic --sigma 0.3 --count 9 --seed 77"));
        await Page.FillAsync("#field-seed", "18446744073709551616");
        await Page.Locator("#panel-generate button.main").FocusAsync();
        await PressAsync("Enter");
        Assert.That(await Page.InnerTextAsync("#panel-generate .notice"), Does.StartWith("The seed is a whole number"));
        await Page.ClickAsync("#panel-generate button:has-text('Another seed')");
        Assert.That(await Page.IsVisibleAsync("#panel-generate .notice"), Is.False);
        await Page.Locator("#panel-generate .tile").First.ClickAsync();
        Assert.That(await Page.InnerTextAsync("#picture"), Does.Contain("of the test images are to the nearest of all"));
    }

    [Test]
    public async Task Path_ByClicks_IsPlayedAndSaved()
    {
        await Page.ClickAsync("#tab-path");
        await ClickUnitAsync(0, 0);
        await ClickUnitAsync(5, 3);
        await ClickUnitAsync(11, 11);
        Assert.That(
            await Page.InputValueAsync("#panel-path textarea"), Is.EqualTo("dotnet run -- map 1 --via 0,0 --via 5,3 --via 11,11"));
        Assert.That(await Page.Locator("#panel-path .tiles canvas").CountAsync(), Is.EqualTo(32));
        await Page.ClickAsync("#panel-path button.main");
        await WaitAsync("document.querySelector('#panel-path input[type=range]').value > 1");
        await PressAsync("Enter");
        await Page.FillAsync("#field-images-of-the-path", "10");
        await Page.SelectOptionAsync("#field-way", "straight");
        byte[] strip = await DownloadAsync("Save strip");
        DecodedPicture picture = PictureFile.Decode(strip);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((560, 56)));
        picture = PictureFile.Decode(await DownloadAsync("Save GIF"));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((224, 224)));

        // The first frame is the decoded unit; its palette is 256 grays.
        float[] first = await Opened.RunAsync<float[]>("() => Array.from(atlas.decode(atlas.codeAt(0, 0)))");
        byte[] frame = [.. Enumerable.Range(0, 784).Select(p => picture.Pixels[(p / 28 * 8 * 224) + (p % 28 * 8)])];
        Assert.That(frame.Select(value => (double)value), Is.EqualTo(first.Select(value => 255.0 * value)).Within(0.51));
        await Page.ClickAsync("#panel-path .points button");
        Assert.That(await Page.Locator("#panel-path .points button").CountAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task OwnPicture_DrawnOrChosen_IsLocated()
    {
        await Page.ClickAsync("#tab-own");
        ILocator pen = Page.Locator(".pen");
        LocatorBoundingBoxResult box = (await pen.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + 60, box.Y + 60);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + 60, box.Y + 200, new() { Steps = 4 });
        await Page.Mouse.UpAsync();
        Assert.That(await Page.InnerTextAsync("#panel-own dl"), Does.Match(@"Unit\s+\d+,\d+, distance"));
        Assert.That(await Opened.RunAsync<string>("() => atlas.state.layer"), Is.EqualTo("mine"));
        await Page.ClickAsync("#panel-own button:has-text('Clear')");
        Assert.That(await Page.Locator("#panel-own dl").CountAsync(), Is.Zero);
        await pen.FocusAsync();
        await PressAsync("ArrowLeft", "Shift+ArrowUp", "Space");
        Assert.That(await Page.Locator("#panel-own dl").CountAsync(), Is.EqualTo(1));

        byte[] pixels = SharedMap.Map.Dataset.Test.First(1).Pixels.ToArray();
        byte[] png = PictureFile.Encode([.. pixels.SelectMany(value => new[] { value, value, value })], 28, 28);
        await Page.SetInputFilesAsync(
            "#panel-own input[type=file]", new FilePayload { Name = "a.png", MimeType = "image/png", Buffer = png });
        await WaitAsync("atlas.state.mine !== null");
        float[] image = SharedMap.Map.Dataset.Test.First(1).ToFloats();
        int expected = await Opened.RunAsync<int>(
            "image => atlas.winners(atlas.encode(Float32Array.from(image))).unit", Array.ConvertAll(image, value => (double)value));
        Assert.That(await Opened.RunAsync<int>("() => atlas.state.mine.unit"), Is.EqualTo(expected));

        await Page.SetInputFilesAsync(
            "#panel-own input[type=file]", new FilePayload { Name = "a.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await Page.WaitForSelectorAsync("#panel-own .notice");
        Assert.That(await Page.InnerTextAsync("#panel-own .notice"), Does.StartWith("This file is no picture"));
    }

    [Test]
    public async Task Selection_ByRectangle_IsExported()
    {
        await Page.Keyboard.DownAsync("Shift");
        (float x, float y) = await UnitAsync(2, 2);
        await Page.Mouse.MoveAsync(x - 20, y - 20);
        await Page.Mouse.DownAsync();
        (x, y) = await UnitAsync(3, 4);
        await Page.Mouse.MoveAsync(x + 20, y + 20, new() { Steps = 3 });
        await Page.Mouse.UpAsync();
        await Page.Keyboard.UpAsync("Shift");
        await Page.ClickAsync("#tab-share");
        Assert.That(await Page.InnerTextAsync("#panel-share p"), Does.StartWith("6 of 144 units"));

        string[] rows = Encoding.UTF8.GetString(await DownloadAsync("CSV")).Split("\r\n");
        Assert.That(rows[0], Does.StartWith("row,column,hits,class,purity,quantization_error,mse_e,mse_q,w0,"));
        Assert.That(rows[1], Does.StartWith("2,2,"));
        Assert.That(rows, Has.Length.EqualTo(8));
        using JsonDocument json = JsonDocument.Parse(await DownloadAsync("JSON"));
        Assert.That(json.RootElement.EnumerateArray().Select(row => row.GetProperty("w").GetArrayLength()), Is.All.EqualTo(32));
        DecodedPicture picture = PictureFile.Decode(await DownloadAsync("PNG"));
        Assert.That((picture.Width, picture.Height), Is.EqualTo((84, 56)));
    }
}
