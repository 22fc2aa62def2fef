using Bootstrapper.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>A data root with a BMC's password in it, and who speaks to that BMC.</summary>
internal sealed class BmcBench : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<Bmcs> _bmcs = [];

    public BmcBench(string password) => Write("bmc.password", $"{password}\n");

    public Bsroot Bsroot => new(_directory.Path);

    public void Write(string name, string content, UnixFileMode mode = Bsroot.SecretFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Bsroot.At(name))!);
        File.WriteAllText(Bsroot.At(name), content);
        File.SetUnixFileMode(Bsroot.At(name), mode);
    }

    public Bmcs Bmcs(BmcPatience? patience = null)
    {
        var bmcs = new Bmcs(
            Bsroot,
            node => new Uri($"http://10.10.10.1/boot/{node.Mac.ToHyphenated()}.efi"),
            patience ?? new BmcPatience { Change = TimeSpan.FromSeconds(2) },
            TimeProvider.System);
        _bmcs.Add(bmcs);
        return bmcs;
    }

    public Task<PowerException> FailsAsync(Func<Bmcs, Task> act) => Assert.ThrowsAsync<PowerException>(() => act(Bmcs()));

    /// <summary>A file in <c>/proc</c> of every process but this one, which knows the password.</summary>
    public static IEnumerable<string> OfProcesses(string file)
    {
        var processes = Directory.EnumerateDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit));
        foreach (var process in processes)
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(process, file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            yield return text;
        }
    }

    public void Dispose()
    {
        _bmcs.ForEach(bmcs => bmcs.Dispose());
        _directory.Dispose();
    }
}
