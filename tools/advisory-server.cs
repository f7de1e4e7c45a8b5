#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

// An audit source for tools/build-tests.sh: serves, to this machine alone, advisories for the packages that its arguments name, as
// NuGet's V3 protocol has them. Prints the source's address and runs until it is killed. A severity is 0 (low) to 3 (critical).
//
//   dotnet run --file tools/advisory-server.cs -- PACKAGE=SEVERITY...
using System.Net;
using System.Net.Sockets;
using System.Text;

using TcpListener probe = new(IPAddress.Loopback, 0);
probe.Start();
int port = ((IPEndPoint)probe.LocalEndpoint).Port;
probe.Stop();

string address = $"http://127.0.0.1:{port}";
string advisories = string.Join(',', args.Select(argument => argument.Split('=')).Select(pair =>
    $$"""
    "{{pair[0].ToLowerInvariant()}}":
    [{ "url": "https://advisories.invalid/{{pair[0]}}", "severity": {{pair[1]}}, "versions": "[0.0.0, )" }]
    """));
Dictionary<string, string> pages = new()
{
    ["/index.json"] =
        $$"""
        { "version": "3.0.0", "resources": [{ "@id": "{{address}}/pages.json", "@type": "VulnerabilityInfo/6.7.0" }] }
        """,
    ["/pages.json"] =
        $$"""
        [{ "@name": "all", "@id": "{{address}}/all.json", "@updated": "2026-01-01T00:00:00Z" }]
        """,
    ["/all.json"] = $"{{{advisories}}}",
};

using HttpListener listener = new();
listener.Prefixes.Add(address + "/");
listener.Start();
Console.WriteLine(address + "/index.json");
while (true)
{
    HttpListenerContext request = await listener.GetContextAsync();
    bool known = pages.TryGetValue(request.Request.Url!.AbsolutePath, out string? page);
    request.Response.StatusCode = known ? 200 : 404;
    request.Response.ContentType = "application/json";
    request.Response.Close(Encoding.UTF8.GetBytes(page ?? "{}"), willBlock: true);
}
