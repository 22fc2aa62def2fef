using System.IO.Pipes;
using System.Text;
using Bootstrapper.Cli;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Cli;

/// <summary>What becomes of keys on their way to a console, and of the order that ends it.</summary>
public sealed class ConsoleTypingTests : IDisposable
{
    private readonly AnonymousPipeServerStream _fingers = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _keys;
    private readonly StringBuilder _typed = new();
    private readonly StringBuilder _told = new();

    public ConsoleTypingTests() => _keys = new(PipeDirection.In, _fingers.ClientSafePipeHandle);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _fingers.Dispose();
        _keys.Dispose();
    }

    [Fact]
    public async Task What_is_typed_before_its_end_arrives_in_order()
    {
        var running = Typing((keys, _) => TypeAsync(keys)).RunAsync(_keys, Cancellation);
        Press("reboot\r~Bh\r~?~.rest");
        Assert.Null(await running);
        Assert.Equal("reboot\r<break>h\r", _typed.ToString());
        Assert.Equal(ConsoleKeys.Help, _told.ToString());
    }

    [Fact]
    public async Task It_ends_when_asked_though_nothing_arrives_any_more()
    {
        var running = Typing((_, stop) => Task.Delay(Timeout.Infinite, stop)).RunAsync(_keys, Cancellation);
        Press("x\r");
        Press("~.");
        Assert.Null(await running.WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task Why_nothing_arrives_any_more_is_said_though_nothing_more_is_typed()
    {
        var running = Typing((_, _) => throw new ApiException(ExitCode.Unavailable, "it does not answer"))
            .RunAsync(_keys, Cancellation);
        Press("x");
        Assert.Equal("it does not answer", await running);
    }

    [Fact]
    public async Task The_end_of_the_terminal_is_its_end()
    {
        var running = Typing((keys, _) => TypeAsync(keys)).RunAsync(_keys, Cancellation);
        Press("x");
        await Eventually.True(() => _typed.Length == 1);
        await _fingers.DisposeAsync();
        Assert.Null(await running);
    }

    private ConsoleTyping Typing(Func<byte[], CancellationToken, Task> type) =>
        new(type, _ => TypeAsync("<break>"u8.ToArray()), text => _told.Append(text));

    private Task TypeAsync(byte[] keys)
    {
        _typed.Append(Encoding.ASCII.GetString(keys));
        return Task.CompletedTask;
    }

    private void Press(string keys) => _fingers.Write(Encoding.ASCII.GetBytes(keys));
}
