using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Http;

/// <summary>
/// Tells once that an answer ends, and before its last byte goes out: whoever has all of it may rely on what was done by then. An
/// answer whose length nobody was told ends after all that answers it, and so does one without a body.
/// </summary>
internal sealed class AnswerEnd(HttpContext context, IHttpResponseBodyFeature inner, Action tell)
    : PipeWriter, IHttpResponseBodyFeature
{
    private readonly PipeWriter _writer = inner.Writer;
    private Stream? _stream;
    private long _written;
    private bool _isTold;

    public Stream Stream => _stream ??= AsStream(leaveOpen: true);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => _writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => _writer.UnflushedBytes;

    /// <summary>Unless it was told before.</summary>
    public void Tell()
    {
        if (!_isTold)
        {
            _isTold = true;
            tell();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        TellIfWhole();
        return inner.StartAsync(cancellationToken);
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken); // as Kestrel does

    public void DisableBuffering() => inner.DisableBuffering();

    public Task CompleteAsync()
    {
        Tell();
        return inner.CompleteAsync();
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        _writer.Advance(bytes);
        _written += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        TellIfWhole();
        return _writer.FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        _written += source.Length;
        TellIfWhole();
        return _writer.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => _writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Tell();
        _writer.Complete(exception);
    }

    private void TellIfWhole()
    {
        if (_written >= context.Response.ContentLength)
        {
            Tell();
        }
    }
}
