namespace Bootstrapper.Tests.Support;

/// <summary>Processes, whosever they are.</summary>
internal static class ProcessTable
{
    /// <summary>A zombie is dead: its parent, which may be nobody of ours, has not looked yet.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            return !File.ReadLines($"/proc/{pid}/status").Contains("State:\tZ (zombie)");
        }
        catch (IOException)
        {
            return false;
        }
    }
}
