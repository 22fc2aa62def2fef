using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Text;
using Bootstrapper.Supervision;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Supervision;

/// <summary>Through a pipe of the kernel's, as a child writes.</summary>
public sealed class ChildLinesTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly AnonymousPipeServerStream _child = new(PipeDirection.Out);
    private readonly StreamReader _output;
    private readonly ConcurrentQueue<string> _taken = new();

    public ChildLinesTests() =>
        _output = new StreamReader(new AnonymousPipeClientStream(PipeDirection.In, _child.ClientSafePipeHandle));

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _child.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task A_line_is_whole_however_it_is_written()
    {
        var reading = ChildLines.ReadAsync(_output, Take, Test);
        Write("one\ntw");
        await Eventually.True(() => _taken.Contains("one"));
        Write("o\r\n\nthr");
        await Eventually.True(() => _taken.Count == 3);
        Write("ee, and no end");
        await _child.DisposeAsync();
        await reading.WaitAsync(Soon, Test);
        Assert.Equal(["one", "two", "", "three, and no end"], _taken);
    }

    [Fact]
    public async Task A_line_that_does_not_end_is_taken_in_pieces()
    {
        const int length = (3 * ChildLines.LongestLine) + 5;
        var reading = ChildLines.ReadAsync(_output, Take, Test);
        Write(new string('x', length) + "\nlast");
        await _child.DisposeAsync();
        await reading.WaitAsync(Soon, Test);
        Assert.Equal(length, _taken.SkipLast(1).Sum(piece => piece.Length));
        Assert.All(_taken, piece => Assert.InRange(piece.Length, 1, ChildLines.LongestLine));
        Assert.Equal("last", _taken.Last());
    }

    /// <summary>A pipe holds 64 KiB unless somebody asks for more.</summary>
    [Fact]
    public async Task A_child_does_not_wait_while_we_are_busy()
    {
        using var idle = new ManualResetEventSlim();
        var reading = ChildLines.ReadAsync(_output, line => TakeWhenIdle(line.ToString(), idle), Test);
        Write("first\n");
        await Eventually.True(() => _taken.Contains("first"));
        await Task.Run(() => Write(new string('\n', 512 * 1024)), Test).WaitAsync(Soon, Test);
        idle.Set();
        await _child.DisposeAsync();
        await reading.WaitAsync(Soon, Test);
        Assert.Equal(1 + (512 * 1024), _taken.Count);
    }

    [Fact]
    public async Task Nobody_waits_for_a_pipe_that_is_left_open()
    {
        using var enough = new CancellationTokenSource();
        var reading = ChildLines.ReadAsync(_output, Take, enough.Token);
        Write("one\n");
        await Eventually.True(() => _taken.Count == 1);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Soon, Test));
    }

    private void TakeWhenIdle(string line, ManualResetEventSlim idle)
    {
        _taken.Enqueue(line);
        idle.Wait(Test);
    }

    private void Take(ReadOnlySpan<char> line) => _taken.Enqueue(line.ToString());

    private void Write(string text) => _child.Write(Encoding.UTF8.GetBytes(text));
}
