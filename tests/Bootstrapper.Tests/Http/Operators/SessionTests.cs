using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>A browser that has signed in with otto's token, as the dashboard does: it has a cookie and sends a header.</summary>
[Trait("Category", "Slow")]
public sealed class SessionTests : IAsyncLifetime
{
    private const string Token = "otto-has-a-long-enough-token", Path = "/api/v1/session";

    private readonly EarlierClock _clock = new(TimeSpan.FromDays(2));
    private TestDaemon _daemon = null!;
    private HttpClient _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string TokenFile => System.IO.Path.Combine(_daemon.Bsroot.Operators, "otto.operator");

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(
            Sample.Cluster(),
            bsroot => Bsroot.Write(System.IO.Path.Combine(bsroot.Operators, "otto.operator"), Token, Bsroot.SecretFile),
            _clock);
        _browser = _daemon.OverTls();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    public async Task The_cookie_is_for_this_host_over_tls_and_for_no_script_and_stands_for_the_token()
    {
        using var answer = await SignInAsync();
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches(
            "^__Host-bootstrapper=[-_A-Za-z0-9]{43}; max-age=43200; path=/; secure; samesite=strict; httponly$", cookie);
        Assert.Equal("otto", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(answer)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(answer), HttpMethod.Post, "/api/v1/nodes/n1/hold"));
    }

    [Fact]
    public async Task What_is_kept_of_it_opens_nothing()
    {
        using var answer = await SignInAsync();
        var kept = await File.ReadAllTextAsync(_daemon.Bsroot.Sessions, Cancellation);
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(_daemon.Bsroot.Sessions));
        Assert.DoesNotContain(NameOf(answer), kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, kept, StringComparison.Ordinal);
        var session = JsonDocument.Parse(kept).RootElement[0];
        foreach (var digest in new[] { session.GetProperty("name"), session.GetProperty("token") })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(digest.GetString()!));
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    [InlineData("X-Requested-With", null)]
    public async Task A_page_of_another_site_cannot_use_it_not_even_to_read(string header, string? value)
    {
        using var answer = await SignInAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/api/v1/whoami"), (HttpMethod.Post, "/api/v1/nodes/n1/hold") })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(NameOf(answer), method, path, (header, value)));
        }

        Assert.Equal(
            HttpStatusCode.OK,
            await AskAsync(NameOf(answer), HttpMethod.Post, "/api/v1/nodes/n1/hold",
                ("Origin", $"https://127.0.0.1:{_daemon.HttpsPort}")));
    }

    [Fact]
    public async Task It_ends_after_twelve_hours_and_with_the_sign_out_whoever_has_copied_it()
    {
        using var first = await SignInAsync();
        _clock.Pass(TimeSpan.FromHours(11.9));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(first)));
        _clock.Pass(TimeSpan.FromHours(0.2));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(NameOf(first)));

        using var second = await SignInAsync();
        Assert.Equal(HttpStatusCode.NoContent, await AskAsync(NameOf(second), HttpMethod.Delete, Path));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(NameOf(second)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another-token-that-is-long-enough")]
    public async Task It_ends_with_the_token_that_it_began_with_and_so_does_a_stream(string? changed)
    {
        using var answer = await SignInAsync();
        using var request = Request(NameOf(answer), HttpMethod.Get, "/api/v1/events");
        using var stream = await _browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var events = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal("event: ping", await events.ReadLineAsync(Cancellation));
        if (changed is null)
        {
            File.Delete(TokenFile);
        }
        else
        {
            Bsroot.Write(TokenFile, changed, Bsroot.SecretFile);
        }

        await Eventually.True(async () => await AskAsync(NameOf(answer)) == HttpStatusCode.Unauthorized);
        using var machine = _daemon.From("127.0.0.2");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("state", "installing")]);
        using var _ = await machine.PostAsync("/api/v1/report/52:54:00:00:00:01", form, Cancellation);
        Assert.DoesNotContain("installing", await events.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_signs_nobody_out()
    {
        using var answer = await SignInAsync();
        await _daemon.StopAsync();
        await _daemon.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(answer)));
    }

    [Theory]
    [InlineData("[{")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("""[{"nbme":"a","token":"b","until":"2099-01-01T00:00:00Z"}]""")]
    [InlineData("""[{"name":"a","tokdn":"b","until":"2099-01-01T00:00:00Z"}]""")]
    [InlineData("""[{"name":null,"token":null,"until":"2099-01-01T00:00:00Z"}]""")]
    [InlineData("[{\"name\":\"\u00ff")]
    public async Task A_broken_file_signs_everybody_out_and_keeps_nobody_from_signing_in(string broken)
    {
        using var before = await SignInAsync();
        await _daemon.StopAsync();
        await File.WriteAllBytesAsync(_daemon.Bsroot.Sessions, System.Text.Encoding.Latin1.GetBytes(broken), Cancellation);
        await _daemon.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(NameOf(before)));

        using var after = await SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(after)));
    }

    /// <summary>Open paths tell operators more; a page of another site is told what strangers are.</summary>
    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    [InlineData("same-site", false)]
    [InlineData("cross-site", false)]
    public async Task At_open_paths_it_counts_for_no_page_of_another_site(string site, bool counts)
    {
        using var answer = await SignInAsync();
        _daemon.Current.Reject(
            new Rejection("stamp", [Problem.Error("nodes[1].hostname", "'hunter2 secret' is not a host name")]));
        using var request = Request(NameOf(answer), HttpMethod.Get, "/readyz");
        request.Headers.Add("Sec-Fetch-Site", site);
        using var readiness = await _browser.SendAsync(request, Cancellation);
        var told = await readiness.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(counts, told.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_has_so_many_sessions_at_once_and_then_its_oldest_one_ends()
    {
        using var first = await SignInAsync();
        var sessions = _daemon.Part<Sessions>();
        for (var i = 1; i < Sessions.MostOfOne; i++)
        {
            sessions.Begin(Token);
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(NameOf(first)));
        sessions.Begin(Token);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(NameOf(first)));
        Assert.Equal(
            Sessions.MostOfOne,
            JsonDocument.Parse(await File.ReadAllTextAsync(_daemon.Bsroot.Sessions, Cancellation)).RootElement.GetArrayLength());
    }

    [Fact]
    public async Task Only_a_token_begins_one()
    {
        using var answer = await SignInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(NameOf(answer), HttpMethod.Post, Path));
        using var nobody = await _browser.PostAsync(Path, content: null, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    private async Task<HttpResponseMessage> SignInAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Headers = { Authorization = new("Bearer", Token) } };
        var answer = await _browser.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }

    private static string NameOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=')[1];

    private Task<HttpStatusCode> AskAsync(string name) => AskAsync(name, HttpMethod.Get, "/api/v1/whoami");

    private async Task<HttpStatusCode> AskAsync(
        string name, HttpMethod method, string path, (string Name, string? Value)? header = null)
    {
        using var request = Request(name, method, path);
        if (header is { } other)
        {
            request.Headers.Remove(other.Name);
            request.Headers.TryAddWithoutValidation(other.Name, other.Value is null ? [] : [other.Value]);
        }

        using var answer = await _browser.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    /// <summary>The handler of this client keeps no cookies by itself: what is sent is what the test says.</summary>
    private static HttpRequestMessage Request(string name, HttpMethod method, string path) => new(method, path)
    {
        Headers = { { "Cookie", $"{Sessions.Cookie}={name}" }, { Sessions.Header, "dashboard" } },
    };
}
