/**
 * Logits of 60 items and three classes, some decided right, and their classes. In numpy:
 *   i = np.arange(60)[:, None]; c = np.arange(3)
 *   L = np.round(3 * np.sin(1.7 * i + 2.1 * c) + 2 * np.cos(0.37 * i * (c + 1)), 2)
 *   y = np.where(np.arange(60) % 5 < 2, L.argmax(1), (7 * np.arange(60) % 11) % 3)
 */
export function madeUpLogits(): { logits: number[]; truths: number[]; classes: number } {
  const rows = Array.from({ length: 60 }, (_, i) =>
    [0, 1, 2].map((c) => Math.round(100 * (3 * Math.sin(1.7 * i + 2.1 * c) + 2 * Math.cos(0.37 * i * (c + 1)))) / 100),
  );
  const truths = rows.map((row, i) => (i % 5 < 2 ? row.indexOf(Math.max(...row)) : ((7 * i) % 11) % 3));
  return { logits: rows.flat(), truths, classes: 3 };
}
