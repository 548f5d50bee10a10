using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace HaloDBIntegrator.Secrets;

/// <summary>
/// Windows' data protection (CryptProtectData), for this machine: any account here that may read the text can open it, so that
/// a service account can use what an admin saved. Windows PowerShell has it without a package, through crypt32.
/// </summary>
internal static class DataProtection
{
    private const int NoUserInterface = 0x1;
    private const int LocalMachine = 0x4;

    /// <summary>Whether this machine has it.</summary>
    public static bool Available => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Protects a text; the answer is base64.</summary>
    public static string Protect(string text) => Convert.ToBase64String(Transform(Encoding.UTF8.GetBytes(text), protect: true));

    /// <summary>Opens what <see cref="Protect"/> gave. Throws FormatException and Win32Exception.</summary>
    public static string Unprotect(string text) => Encoding.UTF8.GetString(Transform(Convert.FromBase64String(text), protect: false));

    private static byte[] Transform(byte[] bytes, bool protect)
    {
        var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            var given = new Blob { Size = bytes.Length, Data = pinned.AddrOfPinnedObject() };
            var done = protect
                ? CryptProtectData(ref given, null, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoUserInterface | LocalMachine, out var result)
                : CryptUnprotectData(ref given, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, NoUserInterface, out result);
            if (!done) throw new Win32Exception(Marshal.GetLastWin32Error());
            try
            {
                var copy = new byte[result.Size];
                Marshal.Copy(result.Data, copy, 0, copy.Length);
                return copy;
            }
            finally
            {
                LocalFree(result.Data);
            }
        }
        finally
        {
            Array.Clear(bytes, 0, bytes.Length);
            pinned.Free();
        }
    }

    [DllImport("crypt32.dll", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern bool CryptProtectData(ref Blob given, string? description, IntPtr entropy, IntPtr reserved, IntPtr prompt, int flags, out Blob result);

    [DllImport("crypt32.dll", SetLastError = true)]
    private static extern bool CryptUnprotectData(ref Blob given, IntPtr description, IntPtr entropy, IntPtr reserved, IntPtr prompt, int flags, out Blob result);

    [DllImport("kernel32.dll")]
    private static extern IntPtr LocalFree(IntPtr memory);

    [StructLayout(LayoutKind.Sequential)]
    private struct Blob
    {
        public int Size;
        public IntPtr Data;
    }
}
