using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Ancestors;

/// <summary>What discovery.etcd.io did.</summary>
public sealed class EtcdDiscoveryTests : IAsyncLifetime
{
    private TestDaemon _daemon = null!;
    private HttpClient _operator = null!;
    private HttpClient _machine = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        _operator = await _daemon.OperatorAsync();
        _machine = _daemon.From("127.0.0.2");
    }

    public async ValueTask DisposeAsync()
    {
        _machine.Dispose();
        _operator.Dispose();
        await _daemon.DisposeAsync();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task Three_real_etcds_find_each_other()
    {
        var url = await _operator.GetStringAsync("/etcd/new?size=3", Cancellation);
        using var data = new TemporaryDirectory();
        var members = Enumerable.Range(1, 3).Select(number => Start(number, url, data.Path)).ToList();
        try
        {
            await Eventually.True(() => ExternalTools.Output(
                "etcdctl",
                "--endpoints=http://127.0.7.2:2379",
                "--command-timeout=2s",
                "member",
                "list").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 3);
        }
        finally
        {
            members.ForEach(member =>
            {
                member.Kill();
                member.Dispose();
            });
        }
    }

    /// <summary>Whoever has it may be a member of the cluster.</summary>
    [Fact]
    public async Task A_token_is_not_in_the_log_and_not_for_others_on_the_host()
    {
        var token = (await _operator.GetStringAsync("/etcd/new?size=3", Cancellation)).Trim().Split('/')[^1];
        using var answer = await _machine.GetAsync($"/etcd/{token}", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.True(() => _daemon.Log.Lines.Any(line => line.Contains("/etcd/…", StringComparison.Ordinal)));
        // frameworks' are filtered out
        var ours = _daemon.Log.Lines.Where(line => line.Contains(" ms", StringComparison.Ordinal));
        Assert.DoesNotContain(ours, line => line.Contains(token, StringComparison.Ordinal));
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Path.Combine(_daemon.Bsroot.EtcdDiscovery, $"{token}.json")));
    }

    [Fact]
    public async Task Members_come_once_in_order_and_survive_a_restart_of_the_registry()
    {
        var path = await NewAsync("2");
        Assert.Equal("2", Value(await _machine.GetStringAsync($"{path}/_config/size", Cancellation)));
        Assert.Equal(HttpStatusCode.Created, await PutAsync($"{path}/a?prevExist=false", "a=http://10.0.0.1:2380"));
        Assert.Equal(HttpStatusCode.Created, await PutAsync($"{path}/b?prevExist=false", "b=http://10.0.0.2:2380"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync($"{path}/a?prevExist=false", "a=http://10.0.0.9:2380"));

        using var all = JsonDocument.Parse(await _machine.GetStringAsync(path, Cancellation));
        Assert.Equal(["a=http://10.0.0.1:2380", "b=http://10.0.0.2:2380"], all.RootElement.GetProperty("node")
            .GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("value").GetString()));
        Assert.Equal(
            ["a", "b"],
            new EtcdRegistry(_daemon.Bsroot.EtcdDiscovery).Find(path.Split('/')[^1])!.Members.Select(member => member.Id));

        using var gone = await _machine.DeleteAsync($"{path}/a", Cancellation);
        using var missing = await _machine.GetAsync($"{path}/a", Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (gone.StatusCode, missing.StatusCode));
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_next_one_comes()
    {
        var path = await NewAsync("2");
        await PutAsync($"{path}/a?prevExist=false", "a=http://10.0.0.1:2380");
        using var seen = await _machine.GetAsync(path, Cancellation);
        var next = long.Parse(seen.Headers.GetValues("X-Etcd-Index").Single(), System.Globalization.CultureInfo.InvariantCulture)
            + 1;

        var waiting = _machine.GetStringAsync($"{path}?wait=true&recursive=true&waitIndex={next}", Cancellation);
        Assert.False(waiting.IsCompleted);
        await PutAsync($"{path}/b?prevExist=false", "b=http://10.0.0.2:2380");
        Assert.Equal("b=http://10.0.0.2:2380", Value(await waiting));
    }

    [Theory]
    [InlineData("/etcd/new")]
    public async Task Only_operators_begin_a_cluster(string path)
    {
        using var plain = await _machine.GetAsync(path, Cancellation);
        using var nobody = _daemon.OverTls();
        using var unknown = await nobody.GetAsync(path, Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (plain.StatusCode, unknown.StatusCode));
    }

    [Theory]
    [InlineData("/etcd/new?size=0")]
    [InlineData("/etcd/new?size=many")]
    public async Task A_size_that_makes_no_sense_is_refused(string path)
    {
        using var response = await _operator.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("/etcd/0123456789abcdef0123456789abcdef")]
    [InlineData("/etcd/..%2f..%2fadmin/x")]
    public async Task A_token_that_was_not_given_leads_nowhere(string path)
    {
        using var response = await _machine.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync($"{path}/m", "m=http://10.0.0.1:2380"));
    }

    [Fact]
    public async Task Nobody_fills_the_memory_through_one_token()
    {
        var path = await NewAsync("3");
        for (var member = 0; member < 100; member++)
        {
            await PutAsync($"{path}/{member}", "x=http://10.0.0.1:2380");
        }

        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync($"{path}/more", "x=http://10.0.0.1:2380"));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync($"{path}/1", new string('x', 2000)));
    }

    private static Process Start(int number, string url, string data)
    {
        var (client, peer) = ($"http://127.0.7.{number}:2379", $"http://127.0.7.{number}:2380");
        string[] arguments =
        [
            "--name", $"m{number}", "--data-dir", Path.Combine(data, $"m{number}"), "--discovery", url,
            "--listen-client-urls",
            client,
            "--advertise-client-urls",
            client,
            "--listen-peer-urls",
            peer,
            "--initial-advertise-peer-urls",
            peer,
        ];
        var process = Process.Start(new ProcessStartInfo("etcd", arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    /// <returns>The path behind the URL.</returns>
    private async Task<string> NewAsync(string size) =>
        new Uri(await _operator.GetStringAsync($"/etcd/new?size={size}", Cancellation)).AbsolutePath;

    private async Task<HttpStatusCode> PutAsync(string path, string value)
    {
        using var response = await _machine.PutAsync(path, new FormUrlEncodedContent([new("value", value)]), Cancellation);
        return response.StatusCode;
    }

    private static string Value(string answer) =>
        JsonDocument.Parse(answer).RootElement.GetProperty("node").GetProperty("value").GetString()!;
}
