using System.Buffers;
using System.Diagnostics;
using Bootstrapper.Host;

namespace Bootstrapper.Supervision;

/// <summary>One run of a service's program. What it writes is logged line by line under the service's name.</summary>
internal sealed partial class Child : IDisposable
{
    /// <summary>
    /// After the program ended, for what it had written; a process that it left behind may hold the pipes open longer.
    /// </summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _reading = new();
    private readonly ArrayBufferWriter<char> _lastErrorLine = new();

    private Child(Process process, ServiceSpec spec, ILogger logger)
    {
        _process = process;
        _logger = logger;
        Pid = process.Id;
        process.StandardInput.Close();
        Ended = EndAsync(
            LogLinesAsync(process.StandardOutput, spec.Hear),
            LogLinesAsync(process.StandardError, spec.Hear + NoteError));
    }

    public int Pid { get; }

    /// <summary>
    /// The exit code, once the program ended and what it wrote is logged; 128 and the signal's number when a signal ended it.
    /// </summary>
    public Task<int> Ended { get; }

    public bool IsRunning => !_process.HasExited;

    public string? LastErrorLine
    {
        get
        {
            lock (_lastErrorLine)
            {
                return _lastErrorLine.WrittenCount > 0 ? LinePrefix.Without(_lastErrorLine.WrittenSpan.ToString()) : null;
            }
        }
    }

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<Child> StartAsync(ServiceSpec spec, string program, ProgramStarter starter, ILogger logger)
    {
        var files = Landlock.IsThere ? spec.Files : null;
        if (spec.Files is not null && files is null)
        {
            LogUnconfined(logger, spec.Name);
        }

        Process Start() => Process.Start(ChildCommand.StartInfo(spec, program))!;
        return new(await (files?.StartAsync(Start) ?? starter.StartAsync(Start)), spec, logger);
    }

    public void RequestReload() => Signal.RequestReload(_process);

    /// <summary>Asks it to stop, and ends it when it does not.</summary>
    /// <returns>Whether it stopped when asked.</returns>
    public async Task<bool> StopAsync(TimeSpan grace, TimeProvider time)
    {
        Signal.RequestStop(_process);
        await ((Task)Ended).WaitAsync(grace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Ended.IsCompleted)
        {
            return true;
        }

        _process.Kill(entireProcessTree: true);
        await Ended;
        return false;
    }

    public void Dispose()
    {
        _reading.Dispose();
        _process.Dispose();
    }

    private async Task<int> EndAsync(params Task[] readers)
    {
        await _process.WaitForExitAsync();
        _reading.CancelAfter(LastWords);
        await Task.WhenAll(readers);
        return _process.ExitCode;
    }

    private async Task LogLinesAsync(StreamReader output, Action<ReadOnlySpan<char>> seen)
    {
        try
        {
            await ChildLines.ReadAsync(output, line => Take(line, seen), _reading.Token);
        }
        catch (OperationCanceledException)
        {
            // A process that the program left behind still holds the pipe.
        }
    }

    /// <summary>Most lines that dnsmasq writes tell nothing and are not logged, and are made no string.</summary>
    private void Take(ReadOnlySpan<char> line, Action<ReadOnlySpan<char>> seen)
    {
        seen(line);
        if (LineLevel.Of(line) is var level && _logger.IsEnabled(level))
        {
            LogLine(level, LinePrefix.Without(line.ToString()));
        }
    }

    private void NoteError(ReadOnlySpan<char> line)
    {
        lock (_lastErrorLine)
        {
            _lastErrorLine.ResetWrittenCount();
            _lastErrorLine.Write(line);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Service} opens whatever file a link leads to and everybody may read: this kernel has no Landlock")]
    private static partial void LogUnconfined(ILogger logger, string service);

    [LoggerMessage(Message = "{Line}")]
    private partial void LogLine(LogLevel level, string line);
}
