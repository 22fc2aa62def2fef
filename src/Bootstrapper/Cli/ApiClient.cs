using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Power;
using Bootstrapper.Registry;
using Microsoft.AspNetCore.Mvc;

namespace Bootstrapper.Cli;

/// <summary>The API of a running bootstrapper, in its own records.</summary>
internal sealed class ApiClient(ApiTarget target) : IDisposable
{
    private const int LargestAuditPage = 1000;

    private readonly HttpClient _http = target.Connect();

    public void Dispose() => _http.Dispose();

    /// <exception cref="ApiException">It was refused, or nobody answers.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>All pages.</summary>
    public async Task<IReadOnlyList<NodeView>> NodesAsync(NodeQuery query, CancellationToken cancellation)
    {
        var nodes = new List<NodeView>();
        for (string? after = null; ;)
        {
            var page = await GetAsync<NodePage>(
                $"/api/v1/nodes?limit={NodeQuery.LargestPage}{Parameters(query with { After = after })}", cancellation);
            nodes.AddRange(page.Items);
            if ((after = page.Next) is null)
            {
                return nodes;
            }
        }
    }

    /// <summary>The newest entries, in as many pages as it takes.</summary>
    /// <param name="node"><c>null</c> for all machines.</param>
    public async Task<IReadOnlyList<AuditEntry>> AuditAsync(string? node, int count, CancellationToken cancellation)
    {
        var entries = new List<AuditEntry>();
        for (string? before = null; entries.Count < count;)
        {
            var limit = Math.Min(count - entries.Count, LargestAuditPage).ToString(CultureInfo.InvariantCulture);
            var page = await GetAsync<AuditPage>(
                $"/api/v1/audit?limit={limit}{Parameter("node", node)}{Parameter("before", before)}", cancellation);
            entries.AddRange(page.Items);
            if ((before = page.Next) is null)
            {
                break;
            }
        }

        return entries;
    }

    /// <returns><c>null</c> where the bootstrapper does not answer: it may be back soon.</returns>
    public static async Task<T?> UnlessAwayAsync<T>(Task<T> asked)
        where T : class
    {
        try
        {
            return await asked;
        }
        catch (Exception e) when (e is ApiException { ExitCode: ExitCode.Unavailable } or IOException)
        {
            return null;
        }
    }

    public Task<NodeView> NodeAsync(string node, CancellationToken cancellation) =>
        GetAsync<NodeView>(PathOf(node), cancellation);

    /// <param name="action">Such as <c>reinstall</c>.</param>
    public async Task<NodeView?> ActAsync(string node, string action, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(node)}/{action}")
        {
            Content = JsonContent.Create(body, options: InventoryFiles.Json),
        };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return response.StatusCode == HttpStatusCode.NoContent ? null : await ReadAsync<NodeView>(response, cancellation);
    }

    /// <param name="description">Its text; <c>null</c> for the one on the bootstrapper's disk.</param>
    /// <param name="node">The only one that is asked for; <c>null</c> for all.</param>
    public async Task<PlanView> PlanAsync(string? description, string? node, bool diff, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/api/v1/plan?diff={(diff ? "true" : "false")}{Parameter("source", SourceOf(description))}{Parameter("node", node)}")
        {
            Content = new StringContent(description ?? ""),
        };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<PlanView>(response, cancellation);
    }

    /// <param name="description">As for <see cref="PlanAsync"/>.</param>
    /// <param name="digest">The plan's.</param>
    /// <param name="never">What is not to be in it.</param>
    public async Task<ApplyView> ApplyAsync(
        string? description, string digest, IEnumerable<string> never, string? reason, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/api/v1/plan/apply?{Parameter("source", SourceOf(description))}{Parameter("digest", digest)}"
                + Parameter("reason", reason) + string.Concat(never.Select(word => Parameter("never", word))))
        {
            Content = new StringContent(description ?? ""),
        };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<ApplyView>(response, cancellation);
    }

    /// <exception cref="ApiException">It was refused, or nobody answers.</exception>
    public async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(body, body.GetType(), options: InventoryFiles.Json),
        };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<T>(response, cancellation);
    }

    /// <summary>Has patience for as long as the daemon has with BMCs; to be said before anything is asked.</summary>
    public void WaitForBmcs() => _http.Timeout = new BmcPatience().Longest + TimeSpan.FromMinutes(1);

    /// <summary>Takes as long as it takes, so it is the only thing that this client is asked.</summary>
    public async Task<Garbage> CollectGarbageAsync(CancellationToken cancellation)
    {
        _http.Timeout = Timeout.InfiniteTimeSpan;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/registry/gc");
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<Garbage>(response, cancellation);
    }

    /// <summary>Opens a machine's serial console.</summary>
    /// <returns>What it prints is the answer's body; to be disposed of.</returns>
    /// <exception cref="ApiException">It was refused, or nobody answers.</exception>
    public async Task<HttpResponseMessage> OpenConsoleAsync(
        string node, ConsoleRequest console, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(node)}/console")
        {
            Content = JsonContent.Create(console, options: InventoryFiles.Json),
        };
        return await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    /// <summary>Types on an open console.</summary>
    /// <inheritdoc cref="OpenConsoleAsync" path="/exception"/>
    public async Task TypeAsync(string node, string console, byte[] keys, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(node, console)}/keys")
        {
            Content = new ByteArrayContent(keys),
        };
        using var _ = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
    }

    /// <summary>Sends a serial break on an open console.</summary>
    /// <inheritdoc cref="OpenConsoleAsync" path="/exception"/>
    public async Task BreakAsync(string node, string console, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{PathOf(node, console)}/break");
        using var _ = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
    }

    /// <exception cref="ApiException">It was refused, or nobody answers.</exception>
    public async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <param name="patch">A JSON merge patch.</param>
    public async Task<NodeView> PatchAsync(string node, object patch, string? reason, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{PathOf(node)}?{Parameter("reason", reason)}")
        {
            Content = JsonContent.Create(patch, new MediaTypeHeaderValue("application/merge-patch+json")),
        };
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        return await ReadAsync<NodeView>(response, cancellation);
    }

    /// <summary>What is seen, as it happens, until it is cancelled.</summary>
    /// <param name="node"><c>null</c> for all machines.</param>
    /// <param name="after">The id of the last event that is known; <c>null</c> for none but new ones.</param>
    /// <exception cref="ApiException">The other side ended it.</exception>
    public async IAsyncEnumerable<EventView> EventsAsync(
        string? node, long? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = $"/api/v1/events?{Parameter("node", node)}{Parameter("after", after?.ToString(CultureInfo.InvariantCulture))}";
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var item in SseParser.Create(stream, (_, data) =>
            data.IsEmpty ? null : JsonSerializer.Deserialize<EventView>(data, InventoryFiles.Json)).EnumerateAsync(cancellation))
        {
            if (item.Data is { } seen)
            {
                yield return seen;
            }
        }

        throw new ApiException(
            ExitCode.Unavailable, $"{target.Server} ended the stream: it stops, or the token is no longer valid");
    }

    public static string PathOf(string node) => $"/api/v1/nodes/{Uri.EscapeDataString(node)}";

    private static string PathOf(string node, string console) => $"{PathOf(node)}/console/{Uri.EscapeDataString(console)}";

    private static string? SourceOf(string? description) => description is null ? PostedDescription.Disk : null;

    private static string Parameters(NodeQuery query) =>
        Parameter("state", query.State) + Parameter("phase", query.Phase) + Parameter("profile", query.Profile)
            + Parameter("label", query.Label)
            + Parameter("search", query.Search) + Parameter("sort", query.Sort) + Parameter("after", query.After);

    private static string Parameter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        try
        {
            var response = await _http.SendAsync(request, completion, cancellation);
            return response.IsSuccessStatusCode ? response : throw await RefusalAsync(response, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException
            or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new ApiException(ExitCode.Unavailable, $"{target.Server} does not answer: {(e.InnerException ?? e).Message}");
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync<T>(InventoryFiles.Json, cancellation))!;
        }
        catch (JsonException e)
        {
            throw new ApiException(ExitCode.Software, $"unexpected answer: {e.Message}");
        }
    }

    private static async Task<ApiException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var problem = isProblem ? await response.Content.ReadFromJsonAsync<ProblemDetails>(cancellation) : null;
        return new ApiException(
            ExitCodeOf(response.StatusCode),
            problem?.Detail ?? $"the answer is {(int)response.StatusCode} {response.ReasonPhrase}");
    }

    private static int ExitCodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.NoPermission,
        HttpStatusCode.NotFound => ExitCode.MissingInput,
        HttpStatusCode.BadRequest => ExitCode.Usage,
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => ExitCode.Unavailable,
        HttpStatusCode.InsufficientStorage => ExitCode.InputOutput,
        >= HttpStatusCode.InternalServerError => ExitCode.Software,
        _ => ExitCode.InvalidInput,
    };
}
