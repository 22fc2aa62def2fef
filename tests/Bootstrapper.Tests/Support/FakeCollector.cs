using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// Takes what an OpenTelemetry collector takes over OTLP/HTTP, and keeps it. It reads no more of the protobuf than its texts.
/// </summary>
internal sealed class FakeCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Body)> _received = [];
    private readonly WebApplication _app;

    private FakeCollector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Url => _app.Urls.Single();

    public static async Task<FakeCollector> StartAsync()
    {
        var collector = new FakeCollector();
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <param name="path"><c>/v1/metrics</c> or <c>/v1/traces</c>.</param>
    public bool Has(string path, string text) =>
        _received.Any(received => received.Path == path && received.Body.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
