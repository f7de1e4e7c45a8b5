using System.Globalization;
using System.Xml.Linq;
using GenSomAttn.Model.Pictures;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>The SVG chart: positions of points and ticks, and well-formed output for any text.</summary>
public sealed class LogLogChartTests
{
    [Test]
    public void Chart_OfAPower_IsAStraightLine()
    {
        ChartCurve curve = new("square", [(1, 3), (10, 300), (100, 30_000)], "as expected", [3, 300, 30_000]);

        XElement svg = Draw("title", curve);

        (double X, double Y)[] points = [.. Named(svg, "circle").Take(3).Select(circle => (Number(circle, "cx"), Number(circle, "cy")))];
        double firstSlope = (points[1].Y - points[0].Y) / (points[1].X - points[0].X);
        double secondSlope = (points[2].Y - points[1].Y) / (points[2].X - points[1].X);
        Assert.That(points.Select(point => point.X), Is.Ordered.Ascending);
        Assert.That(points.Select(point => point.Y), Is.Ordered.Descending, "upward is less");

        // Places are rounded to a tenth of a pixel, over distances of hundreds.
        Assert.That(secondSlope, Is.EqualTo(firstSlope).Within(2e-3));
        string[] lines = [.. Named(svg, "polyline").Select(line => line.Attribute("points")!.Value)];
        Assert.That(lines[0], Is.EqualTo(lines[1]), "expected and measured are the same here");
    }

    [Test]
    public void Chart_Ticks_AreRoundNumbersWithinTheData()
    {
        XElement svg = Draw("title", new ChartCurve("curve", [(8, 0.4), (1024, 3)], "expected", [0.4, 3]));

        string[] texts = [.. Named(svg, "text").Select(text => text.Value)];
        Assert.That(texts, Is.SupersetOf(["10", "20", "50", "100", "200", "500", "1,000", "0.5", "1", "2"]));
        Assert.That(texts, Has.None.EqualTo("5").And.None.EqualTo("2,000").And.None.EqualTo("0.2"));
    }

    [Test]
    public void Chart_OfAnyText_IsWellFormed()
    {
        const string Title = "a < b & c > \"d\"";
        XElement svg = Draw(Title, new ChartCurve("<x>", [(1, 1), (2, 2)], "&", [1, 2]));

        Assert.That(Named(svg, "title").Single().Value, Is.EqualTo(Title));
        Assert.That(Named(svg, "text").Select(text => text.Value), Does.Contain(Title).And.Contain("<x>").And.Contain("&"));
    }

    [Test]
    public void Chart_OfOnePoint_DrawsIt()
        => Assert.That(Named(Draw("title", new ChartCurve("curve", [(7, 7)], "expected", [7])), "circle").Count(), Is.EqualTo(2));

    private static XElement Draw(string title, ChartCurve curve) => XElement.Parse(new LogLogChart(title, "x", "y", [curve]).ToSvg());

    private static IEnumerable<XElement> Named(XElement svg, string name)
        => svg.Elements().Where(element => element.Name.LocalName == name);

    private static double Number(XElement element, string attribute)
        => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
