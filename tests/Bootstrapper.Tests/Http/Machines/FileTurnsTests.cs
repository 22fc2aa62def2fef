using System.IO.Pipelines;
using System.Net;
using Bootstrapper.Http.Machines;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bootstrapper.Tests.Http.Machines;

public sealed class FileTurnsTests : IDisposable
{
    private readonly SlowReaders _readers = new();

    public void Dispose() => _readers.Dispose();

    [Fact]
    public async Task Sixteen_files_at_once_go_to_one_address_and_no_other_waits_for_them()
    {
        var turns = new FileTurns();
        var greedy = Enumerable.Range(0, 20).Select(_ => SendAsync(turns, "10.0.0.66")).ToList();
        await Eventually.True(() => _readers.Begun == 16);
        var other = SendAsync(turns, "10.0.0.11");
        await Eventually.True(() => _readers.Begun == 17);

        _readers.Read(1);
        await Eventually.True(() => _readers.Begun == 18);
        _readers.Read(20);
        await Task.WhenAll([.. greedy, other]);
        Assert.Equal(21, _readers.Begun);
    }

    private Task SendAsync(FileTurns turns, string address)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
        context.Features.Set<IHttpResponseBodyFeature>(_readers);
        return turns.InvokeAsync(context, static asked =>
            asked.Features.GetRequiredFeature<IHttpResponseBodyFeature>().SendFileAsync("image", offset: 0, count: null));
    }

    /// <summary>A fake of those who read: a file is sent when the test says so.</summary>
    private sealed class SlowReaders : IHttpResponseBodyFeature, IDisposable
    {
        private readonly SemaphoreSlim _read = new(0);
        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public Stream Stream => Stream.Null;

        public PipeWriter Writer => throw new NotSupportedException();

        public void Read(int files) => _read.Release(files);

        public void Dispose() => _read.Dispose();

        public void DisableBuffering()
        {
        }

        public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _begun);
            return _read.WaitAsync(cancellationToken);
        }
    }
}
