using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

/// <summary>What <c>/registry/token</c> answers; what the registry makes of it is tried with the real one.</summary>
public sealed class RegistryTokenTests : IAsyncLifetime
{
    private const string OperatorToken = "otto-has-a-long-enough-token";

    private TestDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        Bsroot.Write(Path.Combine(bsroot.Operators, "otto.operator"), OperatorToken, Bsroot.SecretFile));

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Theory]
    [InlineData("scope=repository:a/b:pull,push", """[{"type":"repository","name":"a/b","actions":["pull"]}]""")]
    [InlineData("", "[]")]
    [InlineData("scope=", "[]")]
    [InlineData("scope=repository:a/b:pull&scope=repository:c:push,pull",
        """[{"type":"repository","name":"a/b","actions":["pull"]},{"type":"repository","name":"c","actions":["pull"]}]""")]
    [InlineData("scope=repository:a/b:push", "[]")]
    [InlineData("scope=registry:catalog:*", "[]")]
    [InlineData("scope=%00:%ff:%0a&scope=::::&scope=repository:..%2f..%2fetc:pull&service=%0d%0a&account=%00", "[]")]
    public async Task Machines_are_given_the_part_that_they_may_have(string query, string access)
    {
        var token = await TokenAsync(query, login: null);
        Assert.Equal(access, token.GetProperty("access").GetRawText());
        Assert.Equal(("bootstrapper", "bootstrapper-registry"), (Text(token, "iss"), Text(token, "aud")));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Assert.InRange(token.GetProperty("exp").GetInt64(), now + 240, now + 300);
        Assert.InRange(token.GetProperty("nbf").GetInt64(), now - 90, now - 30);
    }

    [Fact]
    public async Task Operators_log_in_with_any_name_and_their_token()
    {
        var token = await TokenAsync("scope=repository:a/b:pull,push", Basic($"whoever:{OperatorToken}"));
        Assert.Equal(
            """[{"type":"repository","name":"a/b","actions":["pull","push"]}]""", token.GetProperty("access").GetRawText());
        Assert.Equal("otto", Text(token, "sub"));
    }

    /// <summary>It is told before the token is given; pulls are not.</summary>
    [Fact]
    public async Task Who_may_push_and_delete_is_on_the_audit_trail_folded_and_with_the_address()
    {
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await TokenAsync("scope=repository:a/b:pull,push", Basic($"whoever:{OperatorToken}"));
        }

        await TokenAsync("scope=repository:a/b:*&scope=repository:c:pull", Basic($"whoever:{OperatorToken}"));
        await TokenAsync("scope=repository:a/b:pull,push", login: null);

        var expected = new[]
        {
            "otto operator registry: may push a/b, from 127.0.0.1",
            "otto operator registry: may push a/b, 2 times, from 127.0.0.1",
            "otto operator registry: may push a/b, 4 times, from 127.0.0.1",
            "otto operator registry: may push and delete a/b, from 127.0.0.1",
        };
        await Eventually.True(async () => (await TrailAsync()).SequenceEqual(expected));
    }

    [Theory]
    [InlineData(20, HttpStatusCode.OK)]
    [InlineData(21, HttpStatusCode.BadRequest)]
    public async Task One_token_is_for_so_many_repositories_at_most(int scopes, HttpStatusCode expected)
    {
        using var client = _daemon.OverTls();
        client.DefaultRequestHeaders.Authorization = Basic($"whoever:{OperatorToken}");
        using var answer = await client.GetAsync(
            $"/registry/token?scope={string.Join("%20", Enumerable.Range(0, scopes).Select(i => $"repository:a{i}:push"))}",
            TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_password_that_a_browser_remembers_serves_no_page_of_another_site()
    {
        using var client = _daemon.OverTls();
        client.DefaultRequestHeaders.Authorization = Basic($"whoever:{OperatorToken}");
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await client.GetAsync(
            "/registry/token?scope=repository:a/b:push", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<IEnumerable<string>> TrailAsync()
    {
        var page = await _daemon.Part<AuditHistory>().ReadAsync(
            mac: null, before: null, limit: 100, TestContext.Current.CancellationToken);
        return page!.Items.Reverse().Select(entry => $"{entry.Author} {entry.AuthorKind} {entry.Subject}, {entry.Reason}");
    }

    [Theory]
    [InlineData("Basic b3R0bzp3cm9uZw==")]
    [InlineData("Basic not-base64")]
    [InlineData("Basic")]
    [InlineData("Bearer otto-has-a-long-enough-token")]
    [InlineData("Digest username=otto")]
    public async Task Whoever_shows_what_is_not_a_password_is_told_401_and_counted(string authorization)
    {
        using var client = _daemon.OverTls();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await client.GetAsync(
            "/registry/token?scope=repository:a/b:pull", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(1, _daemon.Part<WrongTokens>().Total);
    }

    [Fact]
    public async Task Over_plain_HTTP_there_are_none()
    {
        using var client = _daemon.From("127.0.0.2");
        using var answer = await client.GetAsync("/registry/token", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Wrong_tokens_make_the_next_ones_wait_also_those_of_the_API()
    {
        using var client = _daemon.OverTls();
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-that-nobody-has");
        for (var i = 0; i <= WrongTokens.Free; i++)
        {
            using var answer = await client.GetAsync("/api/v1/whoami", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        var began = TimeProvider.System.GetTimestamp();
        await TokenAsync("", Basic($"otto:{OperatorToken}"));
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(99));
    }

    /// <returns>The content of the token.</returns>
    private async Task<JsonElement> TokenAsync(string query, AuthenticationHeaderValue? login)
    {
        using var client = _daemon.OverTls();
        client.DefaultRequestHeaders.Authorization = login;
        using var answer = await client.GetAsync($"/registry/token?{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var said = JsonSerializer.Deserialize<JsonElement>(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(300, said.GetProperty("expires_in").GetInt32());
        var parts = Text(said, "token").Split('.');
        return JsonSerializer.Deserialize<JsonElement>(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
    }

    private static AuthenticationHeaderValue Basic(string pair) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
