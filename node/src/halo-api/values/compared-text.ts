export { comparedText } from '../../database/compared-text.ts';
