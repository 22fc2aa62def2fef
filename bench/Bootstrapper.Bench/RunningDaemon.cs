using System.Diagnostics;
using System.Globalization;

namespace Bootstrapper.Bench;

/// <summary>
/// The program as a process of its own, so that its memory is its own. dnsmasq and the registry may fail to start beside it:
/// nothing here needs them.
/// </summary>
internal sealed class RunningDaemon(Process process) : IAsyncDisposable
{
    /// <summary>The program that was built with the bench.</summary>
    public static string Own => Path.Combine(AppContext.BaseDirectory, "bootstrapper");

    /// <param name="program">Another one to start than <see cref="Own"/>.</param>
    public static async Task<RunningDaemon> StartAsync(Bsroot bsroot, int httpPort, string? program = null)
    {
        var daemon = new RunningDaemon(Bootstrapper("serve", bsroot, program));
        using var client = new HttpClient();
        while (!await AnswersAsync(client, httpPort))
        {
            await Task.Delay(20);
        }

        return daemon;
    }

    public static Process Bootstrapper(string command, Bsroot bsroot, string? program = null)
    {
        var start = new ProcessStartInfo(program ?? Own, [command, "--bsroot", bsroot.Root])
        {
            RedirectStandardOutput = true,
            Environment = { ["BOOTSTRAPPER_LOG_LEVEL"] = "error" },
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Resident memory (proc_pid_status(5), VmRSS).</summary>
    public double Mebibytes()
    {
        var line = File.ReadLines($"/proc/{process.Id}/status")
            .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>What it has used so far, its children aside.</summary>
    public TimeSpan ProcessorTime()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, int httpPort)
    {
        try
        {
            return (await client.GetAsync(new Uri($"http://127.0.0.1:{httpPort}/healthz"))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
