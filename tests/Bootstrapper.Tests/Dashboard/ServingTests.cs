using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dashboard;

/// <summary>How the dashboard's files come to a browser.</summary>
[Trait("Category", "Slow")]
public sealed partial class ServingTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster());
        _browser = _daemon.OverTls();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task All_files_are_served_with_their_type_and_a_policy_that_lets_nothing_else_in()
    {
        foreach (var path in Paths())
        {
            using var answer = await _browser.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(TypeOf(path), answer.Content.Headers.ContentType!.MediaType);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; ",
                policy,
                StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'; base-uri 'none'; form-action 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(("nosniff", "no-referrer"), (answer.Headers.GetValues("X-Content-Type-Options")
                .Single(), answer.Headers.GetValues("Referrer-Policy").Single()));
        }
    }

    [Fact]
    public async Task A_browser_keeps_what_it_has_and_asks_each_time_whether_that_is_still_right()
    {
        using var first = await _browser.GetAsync("/dashboard/main.js", Cancellation);
        Assert.True(first.Headers.CacheControl!.NoCache);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/dashboard/main.js")
        {
            Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } },
        };
        using var same = await _browser.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);

        using var older = new HttpRequestMessage(HttpMethod.Get, "/dashboard/main.js")
        {
            Headers = { { "If-None-Match", "\"of-another-version\"" } },
        };
        using var changed = await _browser.SendAsync(older, Cancellation);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task A_head_request_is_told_the_size_and_a_path_that_is_none_of_ours_is_not_there()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        using var head = await _browser.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (head.StatusCode, head.Content.Headers.ContentType!.MediaType));
        foreach (var path in new[] { "/dashboard/", "/dashboard/nothing.js", "/dashboard/../../etc/passwd", "/index.html" })
        {
            using var missing = await _browser.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        }
    }

    [Fact]
    public async Task Port_80_is_for_machines_and_has_no_dashboard()
    {
        using var machine = _daemon.From("127.0.0.2");
        foreach (var path in new[] { "/", "/dashboard/main.js" })
        {
            using var answer = await machine.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    /// <summary>The browser would say so too, but only of what a test happens to open.</summary>
    [Fact]
    public void Every_module_that_is_named_is_there_and_every_one_that_is_there_is_used()
    {
        var modules = Directory.EnumerateFiles(SourceDirectory(), "*.js", SearchOption.AllDirectories)
            .Select(Path.GetFullPath).ToList();
        var imported = modules.SelectMany(module => Import().Matches(File.ReadAllText(module))
            .Select(match => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(module)!, match.Groups["path"].Value))))
            .Distinct(StringComparer.Ordinal);
        var main = Path.GetFullPath(Path.Combine(SourceDirectory(), "dashboard", "main.js"));
        Assert.Equal(modules.Order(StringComparer.Ordinal), imported.Append(main).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_module_makes_markup_or_code_of_a_text()
    {
        var makers = new[] { "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
            "eval(", "new Function", "createContextualFragment", "setHTML", "srcdoc" };
        var wrong =
            from module in Directory.EnumerateFiles(SourceDirectory(), "*.js", SearchOption.AllDirectories)
            let text = File.ReadAllText(module)
            from maker in makers
            where text.Contains(maker, StringComparison.Ordinal)
            select $"{module}: {maker}";
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Paths() => Directory.EnumerateFiles(SourceDirectory(), "*", SearchOption.AllDirectories)
        .Select(file => $"/{Path.GetRelativePath(SourceDirectory(), file)}").Select(path => path == "/index.html" ? "/" : path);

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript",
        ".css" => "text/css",
        ".svg" => "image/svg+xml",
        _ => "text/html",
    };

    private static string SourceDirectory([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "src", "Bootstrapper", "wwwroot");

    [GeneratedRegex("^import .* from \"(?<path>[^\"]+)\";$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Import();
}
