using System.IO.Pipelines;
using System.Net;
using Bootstrapper.Host;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http.Machines;

/// <summary>
/// Sends so many files at once to one address, and the next when one of them is done: each costs a descriptor for as long as it
/// is read, or not read, and over TLS some 100 KiB of memory. Racks behind a router that hides their addresses wait for one
/// another.
/// </summary>
internal sealed class FileTurns : IMiddleware
{
    /// <summary>A machine fetches one file after the other.</summary>
    private const int AtOnce = 16;

    private readonly Turns<IPAddress> _turns = new(AtOnce);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Features.Set<IHttpResponseBodyFeature>(
            new Body(context, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), _turns));
        return next(context);
    }

    private sealed class Body(HttpContext request, IHttpResponseBodyFeature inner, Turns<IPAddress> turns)
        : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer => inner.Writer;

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();

        public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
        {
            using var turn = await turns.TakeAsync(request.Connection.RemoteIpAddress!, cancellationToken);
            if (!await UncopiedFile.TrySendAsync(request, path, offset, count, cancellationToken))
            {
                await inner.SendFileAsync(path, offset, count, cancellationToken);
            }
        }
    }
}
