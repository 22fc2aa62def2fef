using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http;

/// <summary>
/// HEAD: what GET would answer, without the body. Firmware asks so how large a file is before it loads it. Endpoints run as for
/// GET, what they write is counted and thrown away, and they leave no trace where <see cref="Client.OnlyLooks"/> says so.
/// </summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!Client.OnlyLooks(context))
        {
            await next(context);
            return;
        }

        var (hungUp, wire) = (context.RequestAborted, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(hungUp);
        var body = new UnsentBody(ending.Cancel);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        context.RequestAborted = ending.Token;
        await next(context);
        await body.CompleteAsync();
        context.RequestAborted = hungUp;
        context.Features.Set(wire);
        var hasBody = context.Response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);
        if (hasBody && context.Response.ContentLength is null && !body.IsEndless)
        {
            context.Response.ContentLength = body.Stream.Length;
        }
    }

    /// <param name="end">What is written has no end, so that its length is not waited for.</param>
    private sealed class UnsentBody(Action end) : StreamResponseBodyFeature(new CountingStream())
    {
        public bool IsEndless { get; private set; }

        /// <summary>Server-sent events want every one of them sent at once.</summary>
        public override void DisableBuffering()
        {
            IsEndless = true;
            end();
        }
    }

    /// <summary>Knows only how much was written.</summary>
    private sealed class CountingStream : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => true; // an answer that is taken back sets the length to 0

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => _length += count;

        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            _length += count;
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override void SetLength(long value) => _length = value;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    }
}

internal static class HeadRequestsExtensions
{
    /// <summary>
    /// Lets HEAD in wherever GET may be asked and nothing else: where others stand beside it, GET makes something, as at etcd's
    /// <c>/etcd/new</c>.
    /// </summary>
    public static TBuilder AnsweringHead<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: [var only] }
                && HttpMethods.IsGet(only))
            {
                endpoint.Metadata.Add(new HttpMethodMetadata([only, HttpMethods.Head]));
            }
        });
        return endpoints;
    }
}
