using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Http;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Layout;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Bootstrapper.Tests.Http;

/// <summary>What a route answers is the same path to whoever else looks at it.</summary>
public sealed partial class RequestPathTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/etcd/0123", true)]
    [InlineData("/ETCD/0123/m", true)]
    [InlineData("//etcd///0123/", true)]
    [InlineData("/Etcd/new/0123", true)]
    [InlineData("/etcd/new", false)]
    [InlineData("/Etcd//NEW/", false)]
    [InlineData("/etcdx/0123", false)]
    public void A_path_with_a_token_is_known_however_it_is_written(string path, bool namesToken)
    {
        var context = new DefaultHttpContext { Request = { Path = path } };
        Assert.Equal((namesToken, namesToken), (Client.NamesToken(context), Client.PathOf(context) == "/etcd/…"));
    }

    [Theory]
    [InlineData("/api/v1/nodes")]
    [InlineData("/API/v1/nodes")]
    [InlineData("/ETCD/0123456789abcdef0123456789abcdef")]
    [InlineData("//Etcd//0123456789abcdef0123456789abcdef/")]
    [InlineData("/%65tcd/0123456789abcdef0123456789abcdef")]
    [InlineData("/HealthZ")]
    [InlineData("/readyz/")]
    [InlineData("//metrics")]
    public async Task What_is_no_fetch_of_a_machine_is_on_no_timeline(string path)
    {
        var node = Sample.Node(1);
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(node));
        using var machine = daemon.From($"{node.Ip}");
        using (await machine.GetAsync($"http://127.0.0.1:{daemon.Port}{path}", Cancellation))
        {
        }

        using (await machine.GetAsync(new Uri("/IPXE/?mac=" + node.Mac, UriKind.Relative), Cancellation))
        {
        }

        var timeline = daemon.Part<Timeline>();
        await Eventually.True(() => timeline.Of(node.Mac).Any(seen => seen.Kind == EventKind.Http));
        var fetch = Assert.Single(timeline.Of(node.Mac), seen => seen.Kind == EventKind.Http);
        Assert.Equal(BootStage.Script, fetch.Stage);
    }

    [Theory]
    [InlineData("/API/v1/nodes/none", "application/problem+json")]
    [InlineData("/api/v1/none", "application/problem+json")]
    [InlineData("/Admin/none", "application/problem+json")]
    [InlineData("/none", "text/plain")]
    public async Task Programs_are_answered_as_programs_however_they_write_the_path(string path, string expected)
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = daemon.From("127.0.0.9");
        using var answer = await client.GetAsync(path, Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, expected), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    /// <summary>Whoever compares a path otherwise than routes do brings the kind back.</summary>
    [Fact]
    public void Paths_of_requests_are_looked_at_in_one_place() => Assert.Empty(
        from file in SourceTree.Files
        where file.Folder == "Http" && Path.GetFileName(file.File) is not ("RequestPath.cs" or "SlashRuns.cs")
        from Match use in PathOfRequest().Matches(File.ReadAllText(Path.Combine(SourceTree.Directory, file.File)))
        select $"{file.File}: {use.Value}");

    [GeneratedRegex(@"equest\.Path(Base)?\b(?!\.ToUriComponent)\S*|GetEncoded\w*Url|GetDisplayUrl", RegexOptions.ExplicitCapture)]
    private static partial Regex PathOfRequest();
}
