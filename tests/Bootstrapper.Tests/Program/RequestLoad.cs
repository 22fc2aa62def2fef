using System.Collections.Concurrent;
using System.Net;

namespace Bootstrapper.Tests.Program;

/// <summary>What a rack in the middle of an installation asks, some hundred times a second.</summary>
internal sealed class RequestLoad : IAsyncDisposable
{
    /// <summary>
    /// Between the requests of one client: the program's own work is what is measured, not who gets the processor.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentBag<string> _failures = [];
    private readonly List<Task> _clients;
    private int _answered;

    private RequestLoad(Rack rack, RackNode node) => _clients =
    [
        RepeatAsync(rack.From(Rack.Stranger), client => client.GetAsync(Relative($"install.sh?mac={node.Mac}"))),
        RepeatAsync(rack.From(Rack.Stranger), client => client.GetAsync(Relative("ca.crt"))),
        RepeatAsync(rack.From(node.Address), client => client.GetAsync(Relative($"cloud-config/{node.Mac}"))),
        RepeatAsync(
            rack.From(node.Address),
            client => client.PostAsync(Relative($"api/v1/report/{node.Mac}"), Report("installing", progress: "50"))),
    ];

    /// <summary>The node is <em>installing</em> from then on.</summary>
    public static async Task<RequestLoad> StartAsync(Rack rack, RackNode node)
    {
        using var client = rack.From(node.Address);
        using var answer = await client.PostAsync(
            Relative($"api/v1/report/{node.Mac}"), Report("installing"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new RequestLoad(rack, node);
    }

    /// <returns>How many requests were answered.</returns>
    public async Task<int> EndAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients);
        Assert.Empty(_failures);
        return _answered;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients);
        _enough.Dispose();
    }

    private async Task RepeatAsync(HttpClient client, Func<HttpClient, Task<HttpResponseMessage>> ask)
    {
        using var _ = client;
        while (!_enough.IsCancellationRequested)
        {
            await AskAsync(() => ask(client));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task AskAsync(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                _failures.Add($"{answer.RequestMessage!.RequestUri}: {answer.StatusCode}");
            }

            Interlocked.Increment(ref _answered);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            _failures.Add(e.ToString());
        }
    }

    private static Uri Relative(string path) => new(path, UriKind.Relative);

    private static FormUrlEncodedContent Report(string state, string progress = "") =>
        new(new Dictionary<string, string> { ["state"] = state, ["progress"] = progress });
}
