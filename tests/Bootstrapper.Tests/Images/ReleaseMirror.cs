using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Images;

/// <summary>A release server on loopback, with ranges and entity tags, that can be told to misbehave.</summary>
internal sealed class ReleaseMirror : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _requests = new();

    private ReleaseMirror(WebApplication app) => _app = app;

    /// <summary>By path, without a slash before it.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Path, and bytes after which connections are cut from now on.</summary>
    public ConcurrentDictionary<string, long> Cuts { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes sent of each file, headers apart.</summary>
    public ConcurrentDictionary<string, long> Sent { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Requests => _requests;

    public Uri Url => new(_app.Urls.Single());

    public static async Task<ReleaseMirror> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var mirror = new ReleaseMirror(app);
        app.Run(mirror.AnswerAsync);
        await app.StartAsync();
        return mirror;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value![1..];
        _requests.Enqueue(path);
        if (!Files.TryGetValue(path, out var content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var from = Begin(context, content);
        if (from is not null)
        {
            await SendAsync(context, path, content, from.Value);
        }
    }

    /// <summary>Writes the head of the answer.</summary>
    /// <returns>Where its body begins; <c>null</c> for no body.</returns>
    private static long? Begin(HttpContext context, byte[] content)
    {
        var tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))[..16]}\"";
        var (request, response) = (context.Request.GetTypedHeaders(), context.Response);
        response.Headers.ETag = tag;
        response.ContentLength = content.Length;
        if (request.Range?.Ranges.Single().From is not { } from || request.IfRange?.EntityTag?.ToString() != tag)
        {
            return 0;
        }

        if (from >= content.Length)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.ContentLength = 0;
            response.Headers.ContentRange = $"bytes */{content.Length}";
            return null;
        }

        response.StatusCode = StatusCodes.Status206PartialContent;
        response.ContentLength = content.Length - from;
        response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        return from;
    }

    /// <summary>Kestrel closes a connection on which less was sent than was promised.</summary>
    private async Task SendAsync(HttpContext context, string path, byte[] content, long from)
    {
        var until = Cuts.TryGetValue(path, out var cut) ? Math.Min(cut, content.Length) : content.Length;
        if (from < until)
        {
            await context.Response.Body.WriteAsync(content.AsMemory((int)from, (int)(until - from)));
            await context.Response.Body.FlushAsync();
            Sent.AddOrUpdate(path, until - from, (_, sent) => sent + until - from);
        }
    }
}
