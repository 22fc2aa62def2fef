using System.Collections.Concurrent;
using Bootstrapper.Images.Downloads;
using Spectre.Console;

namespace Bootstrapper.Cli;

/// <summary>Shows the progress of downloads: as bars on a terminal, as a line now and then elsewhere.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> ShowAsync<T>(TextWriter output, Func<IProgress<FileProgress>, Task<T>> work) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            ? await Terminal.Screen.Progress()
                .AutoClear(enabled: true)
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new DownloadedColumn(),
                    new TransferSpeedColumn(),
                    new RemainingTimeColumn())
                .StartAsync(bars => work(new Bars(bars)))
            : await work(new Lines(output));

    private sealed class Bars(ProgressContext context) : IProgress<FileProgress>
    {
        private readonly ConcurrentDictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Report(FileProgress value)
        {
            var task = _tasks.GetOrAdd(value.Name, name => context.AddTask(Markup.Escape(name)));
            task.MaxValue = value.Total ?? double.MaxValue;
            task.Value = value.Received;
        }
    }

    /// <summary>A log grows by ten lines for a file, however large it is.</summary>
    private sealed class Lines(TextWriter output) : IProgress<FileProgress>
    {
        private readonly Dictionary<string, long> _tenths = new(StringComparer.Ordinal);

        public void Report(FileProgress value)
        {
            var tenth = value.Total is > 0 and { } total ? value.Received * 10 / total : 0;
            lock (_tenths)
            {
                if (_tenths.GetValueOrDefault(value.Name) < tenth)
                {
                    _tenths[value.Name] = tenth;
                    output.WriteLine($"{value.Name}: {tenth * 10} % of {value.Total} bytes");
                }
            }
        }
    }
}
